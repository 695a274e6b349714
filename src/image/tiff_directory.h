// The tags of a TIFF file's first picture.
#pragma once

#include <optional>
#include <vector>

#include "base/bytes.h"

namespace igrot {

/// Tags by number (TIFF 6.0, section 8).
enum class TiffTag : std::uint16_t {
  panasonic_jpeg = 46,
  image_width = 256,
  image_length = 257,
  bits_per_sample = 258,
  compression = 259,
  photometric = 262,
  fill_order = 266,
  strip_offsets = 273,
  orientation = 274,
  samples_per_pixel = 277,
  rows_per_strip = 278,
  strip_byte_counts = 279,
  planar_configuration = 284,
  color_map = 320,
  tile_width = 322,
  tile_length = 323,
  tile_offsets = 324,
  sub_directories = 330,
  extra_samples = 338,
  sample_format = 339,
  jpeg_offset = 513,
  jpeg_length = 514,
  icc_profile = 34675,
  windows_media_photo = 0xBC01,
  dng_version = 0xC612,
};

/// A directory, classic or BigTIFF. As in PIL, entries of unknown types are
/// passed over, and one whose value is not in the file ends the directory.
class TiffDirectory {
 public:
  /// The first. Throws Error: corrupt.
  explicit TiffDirectory(Bytes file);

  /// The one at `offset`; empty if that is not in the file.
  TiffDirectory(Bytes file, std::uint64_t offset);

  bool is_big_endian() const { return big_endian_; }
  bool has(TiffTag tag) const { return find(tag) != nullptr; }

  /// Where the next directory lies; 0 behind the last.
  std::uint64_t next() const { return next_; }

  /// A tag's value as it is stored; empty when the tag is missing.
  Bytes bytes(TiffTag tag) const;

  /// Whole numbers; nothing when the tag is missing. Throws Error: corrupt when
  /// it is of another type.
  std::optional<std::vector<std::uint64_t>> numbers(TiffTag tag) const;

  /// The first of them.
  std::optional<std::uint64_t> number(TiffTag tag) const;
  std::uint64_t number_or(TiffTag tag, std::uint64_t otherwise) const {
    return number(tag).value_or(otherwise);
  }

 private:
  struct Entry {
    std::uint16_t tag;
    std::size_t unit;  // bytes a value
    bool is_whole;
    Bytes data;
  };

  static void check_whole(const Entry& entry);
  const Entry* find(TiffTag tag) const;
  std::uint64_t load(Bytes bytes, std::size_t size) const;
  void read(Bytes file, std::uint64_t offset, bool is_big_tiff);

  /// False where the value lies beyond the end of the file.
  bool add(Bytes file, Bytes entry, bool is_big_tiff);

  bool big_endian_;
  std::uint64_t next_ = 0;
  std::vector<Entry> entries_;
};

}  // namespace igrot
