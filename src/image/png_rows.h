// The pixels of a PNG file: inflated, unfiltered, spread out.
#pragma once

#include "igrot/image.h"
#include "image/png_chunks.h"

namespace igrot {

/// How a stored row becomes pixels of a mode.
enum class PngPixel {
  same,                   // byte for byte
  bits,                   // bilevel
  index,                  // 1, 2 or 4 bits to a byte
  scaled,                 // the same, spread over 0 to 255
  wide,                   // 16 bits to an int32
  high_bytes,             // of every 16-bit sample the upper half
  gray_alpha_high_bytes,  // the same, gray thrice
};

struct PngLayout {
  Mode mode;
  unsigned bits;  // a pixel, as stored
  PngPixel pixel;
};

/// Fills `parts` (of the header's size, zeros). Stops where a check sum is due.
/// Throws Error: corrupt.
void read_png_rows(PngChunks& chunks, PngHeader& header,
                   const PngLayout& layout, ImageParts& parts);

}  // namespace igrot
