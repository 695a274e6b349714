// The directory of a zip archive, checked against the records it names.
//
// After PKWARE's APPNOTE 6.3.10: end record, zip64, central directory, local
// headers. Strict where an archive could mean two things: the directory must
// end at its end record, every record must agree with its local header, no two
// records may overlap, no name may come twice.
#pragma once

#include <string_view>
#include <vector>

#include "formats/storage.h"

namespace igrot {

struct ZipRecord {
  std::string_view name;
  Bytes bytes;                   ///< as stored
  std::uint64_t size_bytes = 0;  ///< when inflated
  std::uint32_t crc = 0;
  bool deflated = false;
};

/// The records of an archive in memory, which must outlive it.
class ZipArchive {
 public:
  /// Throws Error: corrupt, unsupported (encryption, other compression,
  /// several volumes, records that inflate beyond reason).
  explicit ZipArchive(Bytes archive);

  const std::vector<ZipRecord>& records() const { return records_; }

  /// The record of exactly that name, or null.
  const ZipRecord* find(std::string_view name) const;

  /// How to read a record later. An archive whose CRC fields are all zero was
  /// written without checksums, as PyTorch can be told to.
  Packed packed(const ZipRecord& record) const;

 private:
  std::vector<ZipRecord> records_;
  std::vector<std::uint32_t> by_name_;
  bool has_checksums_ = false;
};

}  // namespace igrot
