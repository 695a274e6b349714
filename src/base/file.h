// Files: mapped for reading, read whole, written under a temporary name.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace igrot {

/// A regular file mapped read-only, at the length it had when opened. Safe to
/// read from many threads. Movable; unmapped on destruction.
class MappedFile {
 public:
  /// Throws Error: not_found, unsupported (not a regular file), io.
  static MappedFile open(const std::filesystem::path& path);

  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  Bytes bytes() const { return {data_, size_}; }

 private:
  MappedFile(const std::byte* data, std::size_t size)
      : data_(data), size_(size) {}

  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

/// The whole content of a regular file, at most `limit_bytes` (else
/// unsupported). For files that others may change while they are read, where a
/// mapping could fault. Throws Error: not_found, unsupported, io.
std::vector<std::byte> read_file(const std::filesystem::path& path,
                                 std::uint64_t limit_bytes);

/// A file that appears under its name only when it is complete: written beside
/// it under a temporary name, synced, renamed. Destroyed without `commit`, the
/// temporary file is removed and what was there before stays.
class AtomicFile {
 public:
  /// Throws Error: io.
  explicit AtomicFile(std::filesystem::path path);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  /// Appends. Throws Error: io.
  void write(Bytes bytes);
  void write(std::string_view text) { write(as_bytes(text)); }

  /// Writes over the first bytes, for formats whose header counts what
  /// follows. Throws Error: io.
  void rewrite_start(Bytes bytes);

  /// Syncs and renames. Throws Error: io.
  void commit();

 private:
  void write_at(std::uint64_t offset, Bytes bytes);

  std::filesystem::path path_;
  std::filesystem::path temporary_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace igrot
