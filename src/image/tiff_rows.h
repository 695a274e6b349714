// The pixels of a TIFF file, uncompressed or through libtiff.
#pragma once

#include "image/tiff_layout.h"

namespace igrot {

/// Pixels as they come: one byte for bilevel, otherwise as the mode has them.
struct TiffCanvas {
  TiffCanvas(Mode mode, std::uint64_t width, std::uint64_t height);

  std::uint8_t* at(std::size_t x, std::size_t y) {
    return bytes_of(pixels) + (y * width + x) * pixel_bytes;
  }

  std::size_t width;
  std::size_t height;
  std::size_t pixel_bytes;
  std::vector<std::byte> pixels;
};

/// Strips or tiles without compression, put together as PIL 9.4 does. Throws
/// Error: corrupt.
void read_plain_tiff(Bytes file, const TiffDirectory& directory,
                     const TiffHeader& header, TiffCanvas& canvas);

/// Everything else. Throws Error: corrupt, unsupported.
void read_tiff_by_library(Bytes file, const TiffHeader& header,
                          TiffCanvas& canvas);

}  // namespace igrot
