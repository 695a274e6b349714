#include <algorithm>
#include <cmath>

#include "base/fail.h"
#include "data/training_set.h"

namespace igrot {
namespace {

/// What hides a pixel of a gray picture with a transparent colour. PIL compares
/// what the pixel became, 8 bits, with the low byte of the colour.
std::byte hidden_gray(const Image& image) {
  const auto key = image.parts().transparent->front();
  if (image.mode() == Mode::bilevel) return std::byte(key ? 255 : 0);
  return static_cast<std::byte>(key & 255);
}

/// How opaque each pixel is; `rgb` is the picture's `to_rgb()`.
std::vector<std::byte> alphas(const Image& image, const Image& rgb) {
  std::vector<std::byte> alpha(rgb.width() * rgb.height(), std::byte{255});
  const auto pixels = image.pixels();
  if (image.mode() == Mode::la || image.mode() == Mode::pa) {
    for (std::size_t i = 0; i < alpha.size(); ++i) alpha[i] = pixels[2 * i + 1];
  } else if (image.mode() == Mode::p) {
    const auto& table = image.palette()->alphas;
    std::ranges::transform(pixels, alpha.begin(), [&](std::byte index) {
      return std::byte{table[std::to_integer<std::size_t>(index)]};
    });
  } else if (image.parts().transparent) {
    const auto hidden = hidden_gray(image);
    for (std::size_t i = 0; i < alpha.size(); ++i)
      if (rgb.pixels()[3 * i] == hidden) alpha[i] = std::byte{0};
  }
  return alpha;
}

/// PIL's convert("RGBA") of a picture that is not RGB.
Image to_rgba(const Image& image) {
  if (image.mode() == Mode::rgba) return image;
  const auto rgb = image.to_rgb();
  const auto alpha = alphas(image, rgb);
  ImageParts parts;
  parts.mode = Mode::rgba;
  parts.width = rgb.width();
  parts.height = rgb.height();
  parts.format = image.format();
  parts.pixels.resize(4 * alpha.size());
  for (std::size_t i = 0; i < alpha.size(); ++i) {
    std::ranges::copy(rgb.pixels().subspan(3 * i, 3), &parts.pixels[4 * i]);
    parts.pixels[4 * i + 3] = alpha[i];
  }
  return Image(std::move(parts));
}

/// As torch's normalize along the last dimension: x / max(norm, 1e-12).
void normalize_row(std::span<float> row) {
  double sum = 0;
  for (const double x : row) sum += x * x;
  const auto norm = std::max(static_cast<float>(std::sqrt(sum)), 1e-12F);
  for (float& x : row) x /= norm;
}

}  // namespace

Image square_picture(const Image& opened, const Preprocess& preprocess,
                     const PictureRecipe& recipe) {
  auto chosen = preprocess;
  chosen.convert = recipe.convert;
  if (recipe.rgba_unless_rgb && opened.mode() != Mode::rgb)
    return prepare_rgb(to_rgba(opened), chosen);
  return prepare_rgb(opened, chosen);
}

Tensor square_pixels(const Image& square, const Preprocess& preprocess,
                     const PictureRecipe& recipe) {
  Tensor pixels({3, square.height(), square.width()});
  normalize_into(square, preprocess, pixels.values());
  if (!recipe.row_normalize) return pixels;
  for (std::size_t y = 0; y < 3 * square.height(); ++y)
    normalize_row(pixels.values().subspan(y * square.width(), square.width()));
  return pixels;
}

Tensor read_pixels(const std::filesystem::path& file,
                   const Preprocess& preprocess, const PictureRecipe& recipe) {
  const auto opened = Image::open(file);
  return at(file.string(), [&] {
    return square_pixels(square_picture(opened, preprocess, recipe), preprocess,
                         recipe);
  });
}

}  // namespace igrot
