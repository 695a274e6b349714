// A small picture that tests write with other libraries and read back.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "base/bytes.h"
#include "igrot/error.h"
#include "igrot/image.h"

namespace igrot {

/// Every pixel another colour, alpha too where the mode has it.
inline Image drawing(Mode mode, std::size_t width, std::size_t height) {
  ImageParts parts;
  parts.mode = mode;
  parts.width = width;
  parts.height = height;
  const auto channels = describe(mode).bytes_per_pixel;
  for (std::size_t y = 0; y < height; ++y)
    for (std::size_t x = 0; x < width; ++x)
      for (std::size_t c = 0; c < channels; ++c)
        parts.pixels.push_back(
            static_cast<std::byte>(x * (c + 1) * 3 + y * (5 - c) + 40 * c));
  return Image(std::move(parts));
}

/// Flat halves: `left` and `right` are RGB.
inline Image two_halves(std::array<std::uint8_t, 3> left,
                        std::array<std::uint8_t, 3> right, std::size_t width,
                        std::size_t height) {
  ImageParts parts;
  parts.width = width;
  parts.height = height;
  for (std::size_t i = 0; i < width * height; ++i)
    for (std::size_t c = 0; c < 3; ++c)
      parts.pixels.push_back(
          std::byte{i % width < width / 2 ? left[c] : right[c]});
  return Image(std::move(parts));
}

/// The largest difference of two pictures of one mode and size; 256 for others.
inline int distance(const Image& a, const Image& b) {
  if (a.mode() != b.mode() || a.width() != b.width() ||
      a.height() != b.height())
    return 256;
  int most = 0;
  for (std::size_t i = 0; i < a.pixels().size(); ++i)
    most = std::max(most, std::abs(static_cast<int>(a.pixels()[i]) -
                                   static_cast<int>(b.pixels()[i])));
  return most;
}

/// The kind of error that decoding ends in, or nothing.
inline std::optional<ErrorKind> refusal(Bytes file,
                                        const OpenOptions& options = {}) {
  try {
    Image::decode(file, options);
    return std::nullopt;
  } catch (const Error& error) {
    return error.kind();
  }
}

}  // namespace igrot
