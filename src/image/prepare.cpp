// The way from a decoded picture to a model's input.
#include <cstring>

#include "base/fail.h"
#include "image/decoder.h"
#include "image/geometry.h"

namespace igrot {
namespace {

constexpr std::size_t side_limit = 16384;

void check(const Preprocess& preprocess) {
  if (preprocess.side == 0 || preprocess.side > side_limit)
    fail(ErrorKind::usage, "side {} is not within 1 to {}", preprocess.side,
         side_limit);
  if (!(preprocess.ratio >= 1.0))
    fail(ErrorKind::usage, "ratio {} is less than 1", preprocess.ratio);
}

/// Gray becomes RGB after the crop even when asked to before: the three
/// channels would be computed alike.
bool converts_first(const Image& image, const Preprocess& preprocess) {
  if (preprocess.alpha == Alpha::white && image.has_transparency()) return true;
  return preprocess.convert == Convert::first && image.mode() != Mode::l &&
         image.mode() != Mode::rgb;
}

}  // namespace

Image prepare_rgb(const Image& image, const Preprocess& preprocess) {
  check(preprocess);
  const auto [x, y] = geometry(image.width(), image.height(), preprocess);
  if (converts_first(image, preprocess))
    return resample(image.to_rgb(preprocess.alpha), x, y);
  return resample(image, x, y).to_rgb();
}

Tensor prepare(const Image& image, const Preprocess& preprocess) {
  const auto rgb = prepare_rgb(image, preprocess);
  Tensor tensor({3, preprocess.side, preprocess.side});
  normalize_into(rgb, preprocess, tensor.values());
  return tensor;
}

void normalize_into(const Image& rgb, const Preprocess& preprocess,
                    std::span<float> out) {
  const auto count = rgb.width() * rgb.height();
  if (rgb.mode() != Mode::rgb || out.size() != 3 * count)
    fail(ErrorKind::usage, "{} numbers for a picture of {} x {}, mode {}",
         out.size(), rgb.width(), rgb.height(), describe(rgb.mode()).name);
  std::array<std::array<float, 256>, 3> table;
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t v = 0; v < 256; ++v)
      table[c][v] = (static_cast<float>(v) / 255.0F - preprocess.mean[c]) /
                    preprocess.std[c];
  const auto* pixel = bytes_of(rgb.pixels());
  for (std::size_t i = 0; i < count; ++i, pixel += 3)
    for (std::size_t c = 0; c < 3; ++c) out[c * count + i] = table[c][pixel[c]];
}

}  // namespace igrot
