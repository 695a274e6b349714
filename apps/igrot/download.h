// A file from an address: resumed where an earlier run ended, tried again when
// the connection breaks, checked before it gets its name.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace igrot::app {

struct DownloadRequest {
  std::string address;
  std::filesystem::path target;  ///< its folder exists
  std::string sha256{};          ///< 64 hexadecimal digits; empty: not known
  std::uint64_t size_bytes = 0;  ///< 0: not known
  /// No more is taken, whatever the server sends, where the size is unknown.
  std::uint64_t most_bytes = std::uint64_t{16} << 30;
};

struct DownloadHooks {
  /// Bytes that are there, and in all (0: not known). False ends the download;
  /// what is there stays for the next run. Also asked while nothing moves.
  std::function<bool(std::uint64_t done, std::uint64_t total)> progress;
  /// One sentence about a connection that broke.
  std::function<void(std::string_view sentence)> say;
  /// Before the second try; doubled for each further one.
  std::chrono::milliseconds first_wait{500};
};

struct Downloaded {
  std::uint64_t size_bytes = 0;
  std::string sha256;
  /// Whether that is the SHA-256 of the request or one the server announced.
  bool checked = false;
};

/// Leaves TARGET.part where it ends early, except where the bytes are wrong.
/// Nothing when `progress` said so.
///
/// Throws Error: not_found (404, 410), corrupt (more or fewer bytes than
/// expected, another SHA-256), io (no connection after several tries, another
/// refusal of the server, the disk).
std::optional<Downloaded> download(const DownloadRequest& request,
                                   const DownloadHooks& hooks);

}  // namespace igrot::app
