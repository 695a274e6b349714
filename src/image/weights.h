// PIL's bicubic weights: which source pixels make up a target pixel.
#pragma once

#include <cstdint>
#include <vector>

#include "image/resample.h"

namespace igrot {

/// Source pixels `start` to `start + count` of the picture (padding left out),
/// weighted by `values[offset ...]`.
struct Window {
  std::size_t start;
  std::size_t count;
  std::size_t offset;
};

/// One window a wanted pixel. Weights of one pixel sum to 1 with those that
/// fell on padding.
struct Weights {
  std::vector<Window> windows;
  std::vector<double> values;
};

Weights bicubic_weights(const Axis& axis);

/// Bits after the point of fixed weights: what PIL leaves of 32 for 8-bit
/// results, which may overshoot on both sides.
constexpr int weight_bits = 22;

std::int32_t fixed_weight(double weight);

/// For every wanted pixel the nearest source pixel of the picture, or the
/// number of its pixels where that is padding.
std::vector<std::size_t> nearest_pixels(const Axis& axis);

}  // namespace igrot
