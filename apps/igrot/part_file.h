// A file on its way: TARGET.part, kept between runs, with the server's mark of
// its version beside it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/bytes.h"

namespace igrot::app {

/// One process at a time holds it. Unlike an `AtomicFile` it stays when the
/// program ends, so that the next run goes on.
class PartFile {
 public:
  /// Opens what an earlier run left, or an empty file. Throws Error: io (also
  /// when another process holds it).
  explicit PartFile(std::filesystem::path target);
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;
  /// Leaves what has come; an empty file goes.
  ~PartFile();

  std::uint64_t size() const { return size_; }

  /// ETag of what is there; empty: not known.
  const std::string& etag() const { return etag_; }

  /// Throws Error: io.
  void append(Bytes bytes);

  /// Empties it, for bytes of that version. Throws Error: io.
  void restart(const std::string& etag);

  /// SHA-256 of what is there. Throws Error: io.
  std::string sha256() const;

  /// Syncs, and gives it its name. Throws Error: io.
  void commit();

  /// Deletes it.
  void remove();

 private:
  [[noreturn]] void fail_to(const char* doing) const;

  std::filesystem::path target_;
  std::filesystem::path path_;
  std::filesystem::path etag_path_;
  std::string etag_;
  std::uint64_t size_ = 0;
  int descriptor_ = -1;
};

}  // namespace igrot::app
