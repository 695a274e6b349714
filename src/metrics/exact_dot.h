// The inner product that rankings are made of, one function a vector unit.
#pragma once

#include <cstddef>
#include <span>

namespace igrot {

/// The sum of a[i] * b[i], rounded to float32 once. A product of two float32
/// is exact in float64; eight sums stand side by side, element i belongs to sum
/// i % 8, and the sums are added in order: every function here gives the same
/// bits.
using ExactDot = float (*)(const float* a, const float* b, std::size_t width);

struct ExactDotRow {
  bool (*supported)();
  ExactDot run;
};

/// The fastest first; the last runs everywhere.
std::span<const ExactDotRow> exact_dots();

}  // namespace igrot
