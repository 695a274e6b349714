// A part of a padded and resized picture, computed without the rest of it.
#pragma once

#include "igrot/image.h"

namespace igrot {

/// One direction. The picture's `size` pixels stand after `before` black ones
/// in `extent`; those are resized to `resized`, of which `count` from `first`
/// on are wanted.
struct Axis {
  std::size_t extent;
  std::size_t before;
  std::size_t size;
  std::size_t resized;
  std::size_t first;
  std::size_t count;

  bool is_resized() const { return resized != extent; }
};

/// A whole direction resized, nothing padded or cut.
constexpr Axis whole_axis(std::size_t size, std::size_t resized) {
  return {size, 0, size, resized, 0, resized};
}

/// The wanted part at the filter PIL gives the mode. Padding is 0 in every
/// mode: black, clear, no ink or the first palette entry. Throws Error:
/// unsupported (I;16, unless its size stays).
Image resample(const Image& image, const Axis& x, const Axis& y);

}  // namespace igrot
