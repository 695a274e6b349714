// Run lengths of BMP: RLE8 and RLE4.
#pragma once

#include <vector>

#include "base/bytes.h"

namespace igrot {

/// One index a byte, at least width * height of them, in stored row order. data
/// begins at `offset` of its file. Follows PIL 9.4, with its reading of the
/// delta code. Throws Error: corrupt when the runs end before the picture.
std::vector<std::byte> unpack_bmp_runs(Bytes data, std::uint64_t offset,
                                       std::size_t width, std::size_t height,
                                       unsigned bits);

}  // namespace igrot
