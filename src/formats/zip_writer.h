// A zip archive of stored records, written from front to end.
#pragma once

#include <string>
#include <vector>

#include "base/file.h"
#include "formats/zip_layout.h"

namespace igrot {

/// Records are stored, aligned to 64 bytes by an extra field as PyTorch does,
/// and dated 1980 so that equal records give equal bytes.
class ZipWriter {
 public:
  /// `wide_from`: sizes and offsets from here on go to zip64 fields. Tests set
  /// it low; the format's own bound is the default.
  explicit ZipWriter(AtomicFile& file,
                     std::uint64_t wide_from = zip::elsewhere32)
      : file_(file), wide_from_(wide_from) {}

  void add(std::string name, Bytes bytes);

  /// Writes the directory. Call once, last.
  void finish();

 private:
  struct Entry {
    std::string name;
    std::uint32_t crc = 0;
    std::uint64_t size = 0;
    std::uint64_t offset = 0;
  };

  void write(Bytes bytes);
  void write_local(const Entry& entry);
  std::string central(const Entry& entry) const;
  std::uint32_t narrow(std::uint64_t number) const;

  AtomicFile& file_;
  std::uint64_t wide_from_;
  std::uint64_t offset_ = 0;
  std::vector<Entry> entries_;
};

}  // namespace igrot
