// The compressed pixels of a GIF frame.
#pragma once

#include "base/bytes.h"
#include "igrot/image.h"

namespace igrot {

/// Where a frame lies in its picture and how it is stored.
struct GifFrame {
  std::size_t x, y, width, height;
  bool interlaced;
  unsigned code_bits;
};

/// Decodes a frame into `parts` (one byte a pixel; the frame lies within).
/// data: from the first sub-block to the end of the file. Refuses what PIL 9.4
/// refuses, and reads on where it reads on. Throws Error: corrupt.
void read_gif_frame(Bytes data, const GifFrame& frame, ImageParts& parts);

}  // namespace igrot
