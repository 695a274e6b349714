// Between modes, exactly as PIL computes it (goldens: image/README.md).
#pragma once

#include "igrot/image.h"

namespace igrot {

/// Bilevel rows unpacked to a byte a pixel: 0 or 255.
std::vector<std::uint8_t> unpack_bits(const Image& image);

/// The other way: a byte that is not 0 becomes a set bit.
std::vector<std::byte> pack_bits(std::span<const std::uint8_t> pixels,
                                 std::size_t width);

/// a * b / 255, rounded, as PIL's integer macro has it.
constexpr int multiply_255(int a, int b) {
  const int t = a * b + 128;
  return ((t >> 8) + t) >> 8;
}

/// Colours times alpha; modes la and rgba.
void premultiply(ImageParts& parts);

/// Colours divided by alpha; where alpha is 0 or 255 they stay.
void unpremultiply(ImageParts& parts);

/// The picture turned upright from an EXIF orientation of 1 to 8.
Image turned(const Image& image, int orientation);

}  // namespace igrot
