// The markers of a JPEG file up to its first scan.
#pragma once

#include <vector>

#include "base/bytes.h"

namespace igrot {

struct JpegHeader {
  std::size_t width = 0;
  std::size_t height = 0;
  unsigned layers = 0;
  int orientation = 1;

  /// Pictures the file says it holds (MPF); more than one makes it an MPO.
  std::uint32_t pictures = 1;

  /// Pieces of an ICC profile, with their numbers, as they come.
  std::vector<Bytes> profile_pieces = {};
};

/// Refuses what PIL 9.4 refuses when it opens a file. Throws Error: corrupt,
/// unsupported.
JpegHeader read_jpeg_header(Bytes file);

/// The whole profile; empty where pieces are missing, as in PIL. Source: ICC.1,
/// annex B.4.
std::vector<std::byte> joined_profile(const JpegHeader& header);

}  // namespace igrot
