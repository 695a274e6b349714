// Repeatable random numbers for comparing engines.
#pragma once

#include <cstdint>
#include <random>

#include "igrot/tensor.h"

namespace igrot {

/// Normally distributed numbers, always the same for a seed.
inline Tensor random_tensor(Shape shape, std::uint32_t seed) {
  Tensor tensor(std::move(shape));
  std::mt19937 generator(seed);
  std::normal_distribution<float> normal;
  for (auto& value : tensor.values()) value = normal(generator);
  return tensor;
}

}  // namespace igrot
