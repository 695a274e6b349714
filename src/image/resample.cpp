#include "image/resample.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "image/convert.h"
#include "image/decoder.h"
#include "image/resample_rows.h"
#include "image/weights.h"

namespace igrot {
namespace {

// Bounds the memory of weights and of the rows between the passes.
constexpr std::size_t longest_side = 1 << 20;

ImageParts like(const Image& image, std::size_t width, std::size_t height) {
  auto parts = blank(image.mode(), width, height);
  parts.palette = image.palette();
  parts.format = image.format();
  return parts;
}

/// Picks pixels of `size` bytes; an index past the end picks zeros.
void pick(const std::uint8_t* pixels, std::size_t width, std::size_t size,
          std::size_t height, std::span<const std::size_t> xs,
          std::span<const std::size_t> ys, std::uint8_t* out) {
  for (const auto y : ys)
    for (const auto x : xs) {
      if (x < width && y < height)
        std::memcpy(out, pixels + (y * width + x) * size, size);
      out += size;
    }
}

Image pick_nearest(const Image& image, const Axis& x, const Axis& y) {
  const auto xs = nearest_pixels(x);
  const auto ys = nearest_pixels(y);
  auto parts = like(image, x.count, y.count);
  if (image.mode() == Mode::bilevel) {
    const auto pixels = unpack_bits(image);
    std::vector<std::uint8_t> out(x.count * y.count);
    pick(pixels.data(), image.width(), 1, image.height(), xs, ys, out.data());
    parts.pixels = pack_bits(out, x.count);
  } else {
    pick(bytes_of(image.pixels()), image.width(),
         describe(image.mode()).bytes_per_pixel, image.height(), xs, ys,
         bytes_of(parts.pixels));
  }
  return Image(std::move(parts));
}

/// The weights of a direction that keeps its size: each pixel itself.
Weights identity_weights(const Axis& axis) {
  Weights weights;
  for (auto i = axis.first; i < axis.first + axis.count; ++i) {
    const bool real = i >= axis.before && i - axis.before < axis.size;
    weights.windows.push_back(
        {real ? i - axis.before : 0, real ? 1U : 0U, weights.values.size()});
    if (real) weights.values.push_back(1.0);
  }
  return weights;
}

Weights weights_of(const Axis& axis) {
  return axis.is_resized() ? bicubic_weights(axis) : identity_weights(axis);
}

/// The rows that any window reads, counted from the first of them.
struct Rows {
  std::size_t first;
  std::size_t count;
};

Rows shift_to_first(Weights& weights) {
  std::size_t first = std::numeric_limits<std::size_t>::max();
  std::size_t end = 0;
  for (const auto& window : weights.windows) {
    if (window.count == 0) continue;
    first = std::min(first, window.start);
    end = std::max(end, window.start + window.count);
  }
  if (end == 0) return {0, 0};
  for (auto& window : weights.windows)
    if (window.count > 0) window.start -= first;
  return {first, end - first};
}

/// 8-bit channels: rows, rounded, then columns.
void filter_bytes(const Image& image, const Axis& x, const Axis& y,
                  ImageParts& out) {
  const auto channels = describe(image.mode()).bytes_per_pixel;
  auto down = weights_of(y);
  const auto rows = shift_to_first(down);
  const auto* source =
      bytes_of(image.pixels()) + rows.first * image.width() * channels;
  std::vector<std::uint8_t> narrow(rows.count * x.count * channels);
  filter_rows({source, image.width(), rows.count, channels}, weights_of(x),
              narrow.data());
  filter_columns({narrow.data(), x.count, rows.count, channels}, down,
                 bytes_of(out.pixels));
}

/// Mode I rounds half away from zero after each pass, mode F to float.
void store(double value, std::int32_t& out) {
  value += value >= 0.0 ? 0.5 : -0.5;
  out = static_cast<std::int32_t>(
      std::clamp(value, double{std::numeric_limits<std::int32_t>::min()},
                 double{std::numeric_limits<std::int32_t>::max()}));
}

void store(double value, float& out) {
  out = static_cast<float>(value);
}

/// A weighted sum of numbers `step` apart.
template <class Number>
Number weighted(const Number* source, std::size_t step, const Weights& weights,
                const Window& window) {
  double sum = 0.0;
  for (std::size_t i = 0; i < window.count; ++i)
    sum += static_cast<double>(source[(window.start + i) * step]) *
           weights.values[window.offset + i];
  Number result;
  store(sum, result);
  return result;
}

/// One number a pixel: the same two passes in double.
template <class Number>
void filter_numbers(const Image& image, const Axis& x, const Axis& y,
                    ImageParts& out) {
  std::vector<Number> source(image.width() * image.height());
  std::memcpy(source.data(), image.pixels().data(), image.pixels().size());
  const auto across = weights_of(x);
  const auto down = weights_of(y);
  std::vector<Number> narrow(x.count * image.height());
  for (std::size_t v = 0; v < image.height(); ++v)
    for (std::size_t u = 0; u < x.count; ++u)
      narrow[v * x.count + u] = weighted(source.data() + v * image.width(), 1,
                                         across, across.windows[u]);
  std::vector<Number> result(x.count * y.count);
  for (std::size_t v = 0; v < y.count; ++v)
    for (std::size_t u = 0; u < x.count; ++u)
      result[v * x.count + u] =
          weighted(narrow.data() + u, x.count, down, down.windows[v]);
  std::memcpy(out.pixels.data(), result.data(), out.pixels.size());
}

Image filter_premultiplied(const Image& image, const Axis& x, const Axis& y) {
  auto source = image.parts();
  premultiply(source);
  auto parts = like(image, x.count, y.count);
  filter_bytes(Image(std::move(source)), x, y, parts);
  unpremultiply(parts);
  return Image(std::move(parts));
}

}  // namespace

Image resample(const Image& image, const Axis& x, const Axis& y) {
  if (std::max(x.extent, y.extent) > longest_side)
    fail(ErrorKind::unsupported,
         "a side of {} pixels is too long to be resized",
         std::max(x.extent, y.extent));
  if (!x.is_resized() && !y.is_resized()) return pick_nearest(image, x, y);
  switch (image.mode()) {
    case Mode::bilevel:
    case Mode::p:
      return pick_nearest(image, x, y);
    case Mode::la:
    case Mode::rgba:
      return filter_premultiplied(image, x, y);
    case Mode::i16:
    case Mode::i16b:
      fail(ErrorKind::unsupported,
           "mode {} cannot be resized; convert it to RGB first",
           describe(image.mode()).name);
    default:
      break;
  }
  auto parts = like(image, x.count, y.count);
  if (image.mode() == Mode::i)
    filter_numbers<std::int32_t>(image, x, y, parts);
  else if (image.mode() == Mode::f)
    filter_numbers<float>(image, x, y, parts);
  else
    filter_bytes(image, x, y, parts);
  return Image(std::move(parts));
}

Image resize(const Image& image, std::size_t width, std::size_t height) {
  if (width == 0 || height == 0 || width > longest_side ||
      height > longest_side)
    fail(ErrorKind::usage, "cannot resize to {} x {}", width, height);
  return resample(image, whole_axis(image.width(), width),
                  whole_axis(image.height(), height));
}

}  // namespace igrot
