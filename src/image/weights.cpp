#include "image/weights.h"

#include <algorithm>
#include <cmath>

namespace igrot {
namespace {

constexpr double bicubic_support = 2.0;

double bicubic(double x) {
  constexpr double a = -0.5;
  x = std::abs(x);
  if (x < 1.0) return ((a + 2.0) * x - (a + 3.0)) * x * x + 1;
  if (x < 2.0) return (((x - 5) * x + 8) * x - 4) * a;
  return 0.0;
}

// PIL passes the source extent as a float.
double scale_of(const Axis& axis) {
  return static_cast<double>(static_cast<float>(axis.extent)) /
         static_cast<double>(axis.resized);
}

}  // namespace

Weights bicubic_weights(const Axis& axis) {
  const double scale = scale_of(axis);
  const double stretch = std::max(scale, 1.0);
  const double support = bicubic_support * stretch;
  const double inverse = 1.0 / stretch;
  const auto extent = static_cast<double>(axis.extent);
  Weights weights;
  for (std::size_t i = 0; i < axis.count; ++i) {
    const double centre = (static_cast<double>(axis.first + i) + 0.5) * scale;
    const auto begin =
        static_cast<std::size_t>(std::max(centre - support + 0.5, 0.0));
    const auto end =
        static_cast<std::size_t>(std::min(centre + support + 0.5, extent));
    const auto weight = [&](std::size_t x) {
      return bicubic((static_cast<double>(x) - centre + 0.5) * inverse);
    };
    double sum = 0.0;
    for (auto x = begin; x < end; ++x) sum += weight(x);
    const auto real_begin = std::max(begin, axis.before);
    const auto real_end =
        std::max(real_begin, std::min(end, axis.before + axis.size));
    weights.windows.push_back({real_begin - axis.before, real_end - real_begin,
                               weights.values.size()});
    for (auto x = real_begin; x < real_end; ++x)
      weights.values.push_back(sum != 0.0 ? weight(x) / sum : weight(x));
  }
  for (auto& window : weights.windows)
    if (window.count == 0) window.start = 0;
  return weights;
}

std::int32_t fixed_weight(double weight) {
  const double scaled = weight * (1 << weight_bits);
  return static_cast<std::int32_t>(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
}

std::vector<std::size_t> nearest_pixels(const Axis& axis) {
  std::vector<std::size_t> pixels(axis.count, axis.size);
  const double scale = axis.is_resized() ? scale_of(axis) : 1.0;
  // Added up pixel by pixel, as PIL does: a product rounds elsewhere.
  double at = scale * 0.5;
  for (std::size_t i = 0; i < axis.first + axis.count; ++i, at += scale) {
    if (i < axis.first) continue;
    const auto x = static_cast<std::size_t>(at);
    if (x >= axis.before && x - axis.before < axis.size)
      pixels[i - axis.first] = x - axis.before;
  }
  return pixels;
}

}  // namespace igrot
