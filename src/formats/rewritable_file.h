// A new file whose start may be written again before it appears.
#pragma once

#include <filesystem>

#include "base/bytes.h"

namespace igrot {

/// Like AtomicFile, for formats whose header counts what follows: written
/// beside its name under a temporary one, synced, renamed by `commit`;
/// destroyed without it, nothing is left.
class RewritableFile {
 public:
  /// Throws Error: io.
  explicit RewritableFile(std::filesystem::path path);
  RewritableFile(const RewritableFile&) = delete;
  RewritableFile& operator=(const RewritableFile&) = delete;
  ~RewritableFile();

  /// Appends. Throws Error: io.
  void write(Bytes bytes);

  /// Writes over the first bytes. Throws Error: io.
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
