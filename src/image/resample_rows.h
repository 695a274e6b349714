// The two passes of the 8-bit bicubic filter, in the widest instructions the
// machine has. All ways give the same bytes: sums of integers.
#pragma once

#include <cstdint>

#include "image/weights.h"

namespace igrot {

/// Rows of interleaved 8-bit channels, without gaps.
struct Plane {
  const std::uint8_t* data;
  std::size_t width;
  std::size_t height;
  std::size_t channels;
};

enum class Instructions {
  plain,  // what every machine has
  best,   // what this one has
};

/// Every row's wanted pixels: height x windows x channels bytes into `out`.
void filter_rows(const Plane& plane, const Weights& weights, std::uint8_t* out,
                 Instructions instructions = Instructions::best);

/// Every column's wanted pixels: windows x width x channels bytes into `out`.
void filter_columns(const Plane& plane, const Weights& weights,
                    std::uint8_t* out,
                    Instructions instructions = Instructions::best);

}  // namespace igrot
