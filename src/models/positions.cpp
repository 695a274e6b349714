#include "models/positions.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace igrot {
namespace {

/// Which four cells make one, and their weights.
struct Taps {
  std::array<std::size_t, 4> cells;
  std::array<float, 4> weights;
};

/// Keys' cubic convolution, near (|x| <= 1) and far (1 < |x| < 2).
float cubic_near(float x) {
  constexpr float a = -0.75F;
  return ((a + 2) * x - (a + 3)) * x * x + 1;
}
float cubic_far(float x) {
  constexpr float a = -0.75F;
  return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
}

std::vector<Taps> make_taps(std::size_t from, std::size_t to) {
  const float scale = static_cast<float>(from) / static_cast<float>(to);
  std::vector<Taps> list(to);
  for (std::size_t i = 0; i < to; ++i) {
    const float center = scale * (static_cast<float>(i) + 0.5F) - 0.5F;
    const float first = std::floor(center);
    const float t = center - first;
    list[i].weights = {cubic_far(t + 1), cubic_near(t), cubic_near(1 - t),
                       cubic_far(2 - t)};
    for (std::size_t k = 0; k < 4; ++k)
      list[i].cells[k] = static_cast<std::size_t>(
          std::clamp(static_cast<long>(first) + static_cast<long>(k) - 1, 0L,
                     static_cast<long>(from) - 1));
  }
  return list;
}

}  // namespace

std::size_t grid_of(std::size_t rows) {
  if (rows < 2) return 0;
  const auto root = static_cast<std::size_t>(
      std::lround(std::sqrt(static_cast<double>(rows - 1))));
  return root * root == rows - 1 ? root : 0;
}

Tensor interpolate_positions(Tensor positions, std::size_t rows) {
  const auto width = positions.shape()[2];
  const auto from = grid_of(positions.shape()[1]);
  const auto to = grid_of(rows);
  if (from == to) return positions;
  const auto taps = make_taps(from, to);
  Tensor resized({1, rows, width});
  std::copy_n(positions.data(), width, resized.data());
  const float* grid = positions.data() + width;
  float* out = resized.data() + width;
  for (const auto& y : taps)
    for (const auto& x : taps) {
      for (std::size_t i = 0; i < 4; ++i)
        for (std::size_t j = 0; j < 4; ++j) {
          const float weight = y.weights[i] * x.weights[j];
          const float* cell = grid + (y.cells[i] * from + x.cells[j]) * width;
          for (std::size_t k = 0; k < width; ++k) out[k] += weight * cell[k];
        }
      out += width;
    }
  return resized;
}

}  // namespace igrot
