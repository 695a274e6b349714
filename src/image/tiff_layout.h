// Which TIFF pixels PIL 9.4 reads, and how they are stored.
#pragma once

#include "image/raw_rows.h"
#include "image/tiff_directory.h"

namespace igrot {

enum class TiffCompression : std::uint16_t {
  none = 1,
  old_jpeg = 6,
  jpeg = 7,
};

/// How a picture's rows are stored.
struct TiffLayout {
  RawLayout raw;

  /// Letters of the samples: one band each where they are stored apart.
  std::string_view bands;

  /// White is 0: bits are turned over before they are unpacked.
  bool is_inverted = false;

  /// Bits of a byte come in reverse (fill order 2).
  bool is_reversed = false;
};

/// The basic facts of a picture.
struct TiffHeader {
  std::uint64_t width;
  std::uint64_t height;
  std::uint64_t compression;
  std::uint64_t photometric;
  bool is_planar;  // samples stored apart
  unsigned bits_per_pixel;
  unsigned bands;
  TiffLayout layout;
};

/// Throws Error: corrupt, unsupported where PIL refuses.
TiffHeader read_tiff_header(const TiffDirectory& directory);

/// Unpacks one stored row into `out`: a byte a pixel for bilevel (0 or 255),
/// otherwise as the mode has it.
void unpack_tiff_row(const TiffLayout& layout, const std::uint8_t* row,
                     std::size_t width, std::uint8_t* out);

}  // namespace igrot
