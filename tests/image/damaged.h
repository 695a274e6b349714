// Foreign bytes with flipped bits: a picture or an Error, nothing else.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "base/bytes.h"
#include "igrot/error.h"
#include "igrot/image.h"

namespace igrot {

/// Whether it was decoded. Anything but an Error that blames the file ends the
/// test.
inline bool try_decode(Bytes file) {
  // Damaged headers may ask for this much; more would only test the allocator.
  constexpr OpenOptions small{.pixel_limit = 1 << 20, .exif = Exif::rotate};
  try {
    const auto image = Image::decode(file, small);
    image.to_rgb(Alpha::white);
    return true;
  } catch (const Error& error) {
    EXPECT_TRUE(error.kind() == ErrorKind::corrupt ||
                error.kind() == ErrorKind::unsupported)
        << error.what();
    return false;
  }
}

/// How often of 200 times a file with up to four flipped bits is refused. Half
/// of the flips hit the first `header_bytes`.
inline std::size_t refused_when_flipped(const std::vector<std::byte>& sound,
                                        std::size_t header_bytes = 300) {
  std::mt19937 numbers(1);
  std::size_t refused = 0;
  auto file = sound;
  for (int i = 0; i < 200; ++i) {
    const auto reach =
        i % 2 ? file.size() : std::min(file.size(), header_bytes);
    file[numbers() % reach] ^= std::byte{1} << numbers() % 8;
    if (!try_decode(file)) ++refused;
    if (i % 4 == 3) file = sound;
  }
  return refused;
}

}  // namespace igrot
