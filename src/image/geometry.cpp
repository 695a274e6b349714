#include "image/geometry.h"

#include <algorithm>
#include <cmath>

#include "base/fail.h"

namespace igrot {
namespace {

// Only strips without padding get there; PIL runs out of memory before.
constexpr double resized_limit = 1 << 26;

std::size_t half_of_gap(double target, std::size_t size) {
  return static_cast<std::size_t>(
      std::max((target - static_cast<double>(size)) / 2, 0.0));
}

/// The length both sides are padded towards; 0 leaves them.
double padded_length(std::size_t width, std::size_t height,
                     const Preprocess& preprocess) {
  const auto longer = static_cast<double>(std::max(width, height));
  const auto shorter = static_cast<double>(std::min(width, height));
  if (preprocess.pad == Pad::square) return longer;
  if (preprocess.pad == Pad::none || longer / shorter < preprocess.ratio)
    return 0.0;
  return longer / preprocess.ratio;
}

Axis padded_axis(std::size_t size, double target) {
  const auto before = half_of_gap(target, size);
  return {size + 2 * before, before, size, 0, 0, 0};
}

// Python's round() of half the surplus: halves go to the even number.
std::size_t crop_offset(std::size_t resized, std::size_t side) {
  return static_cast<std::size_t>(
      std::nearbyint(static_cast<double>(resized - side) / 2.0));
}

void set_resized(Axis& axis, std::size_t resized, std::size_t side) {
  axis.resized = resized;
  axis.first = crop_offset(resized, side);
  axis.count = side;
}

}  // namespace

Geometry geometry(std::size_t width, std::size_t height,
                  const Preprocess& preprocess) {
  const auto target = padded_length(width, height, preprocess);
  Geometry result{padded_axis(width, target), padded_axis(height, target)};
  const bool upright = result.x.extent <= result.y.extent;
  auto& shorter = upright ? result.x : result.y;
  auto& longer = upright ? result.y : result.x;
  const auto side = preprocess.side;
  const double long_side = static_cast<double>(side * longer.extent) /
                           static_cast<double>(shorter.extent);
  if (long_side > resized_limit)
    fail(ErrorKind::unsupported, "{} x {} pixels are too oblong to be resized",
         width, height);
  set_resized(shorter, side, side);
  set_resized(longer, static_cast<std::size_t>(long_side), side);
  return result;
}

}  // namespace igrot
