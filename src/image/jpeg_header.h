// The markers of a JPEG file up to its first scan.
#pragma once

#include "base/bytes.h"

namespace igrot {

struct JpegHeader {
  std::size_t width = 0;
  std::size_t height = 0;
  unsigned layers = 0;
  int orientation = 1;

  /// Pictures the file says it holds (MPF); more than one makes it an MPO.
  std::uint32_t pictures = 1;
};

/// Refuses what PIL 9.4 refuses when it opens a file. Throws Error: corrupt,
/// unsupported.
JpegHeader read_jpeg_header(Bytes file);

}  // namespace igrot
