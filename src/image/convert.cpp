#include "image/convert.h"

#include <algorithm>
#include <cstring>

#include "base/fail.h"
#include "image/decoder.h"

namespace igrot {
namespace {

struct Rgba {
  std::uint8_t r, g, b, a;
};

Rgba gray(std::uint8_t v, std::uint8_t a = 255) {
  return {v, v, v, a};
}

template <class Integer>
std::uint8_t clip(Integer v) {
  return static_cast<std::uint8_t>(std::clamp<Integer>(v, 0, 255));
}

/// Cut off, not rounded; what is not a number is 0.
std::uint8_t clip_float(float v) {
  return v >= 255 ? 255 : v > 0 ? static_cast<std::uint8_t>(v) : 0;
}

template <class Number>
Number load(const std::uint8_t* p) {
  Number number;
  std::memcpy(&number, p, sizeof number);
  return number;
}

Rgba from_cmyk(const std::uint8_t* p) {
  const int light = 255 - p[3];
  const auto channel = [&](int ink) {
    return clip(light - multiply_255(ink, light));
  };
  return {channel(p[0]), channel(p[1]), channel(p[2]), 255};
}

/// Calls `put(offset, colour)` for every pixel; `get(row, x)` makes the colour.
template <class Get, class Put>
void each_pixel(const Image& image, Get get, Put put) {
  std::size_t at = 0;
  for (std::size_t y = 0; y < image.height(); ++y) {
    const auto* row = bytes_of(image.row(y));
    for (std::size_t x = 0; x < image.width(); ++x) put(at++, get(row, x));
  }
}

/// The colour of every pixel with its transparency, mode by mode.
template <class Put>
void each_colour(const Image& image, Put put) {
  const auto& key = image.parts().transparent;
  const auto alpha = [&](bool hidden) -> std::uint8_t {
    return hidden ? 0 : 255;
  };
  const auto is_key = [&](std::int64_t v) { return key && v == (*key)[0]; };
  switch (image.mode()) {
    case Mode::bilevel:
      return each_pixel(
          image,
          [&](auto* row, std::size_t x) {
            const int bit = row[x / 8] >> (7 - x % 8) & 1;
            return gray(bit ? 255 : 0, alpha(is_key(bit)));
          },
          put);
    case Mode::l:
      return each_pixel(
          image,
          [&](auto* row, std::size_t x) {
            return gray(row[x], alpha(is_key(row[x])));
          },
          put);
    case Mode::la:
      return each_pixel(
          image,
          [](auto* row, std::size_t x) {
            return gray(row[2 * x], row[2 * x + 1]);
          },
          put);
    case Mode::p:
      return each_pixel(
          image,
          [&p = *image.palette()](auto* row, std::size_t x) {
            const auto& c = p.colors[row[x]];
            return Rgba{c[0], c[1], c[2], p.alphas[row[x]]};
          },
          put);
    case Mode::rgb:
      return each_pixel(
          image,
          [&](auto* row, std::size_t x) {
            const auto* c = row + 3 * x;
            const bool hidden = key && c[0] == (*key)[0] && c[1] == (*key)[1] &&
                                c[2] == (*key)[2];
            return Rgba{c[0], c[1], c[2], alpha(hidden)};
          },
          put);
    case Mode::rgba:
      return each_pixel(
          image,
          [](auto* row, std::size_t x) { return load<Rgba>(row + 4 * x); },
          put);
    case Mode::cmyk:
      return each_pixel(
          image,
          [](auto* row, std::size_t x) { return from_cmyk(row + 4 * x); }, put);
    case Mode::i:
      return each_pixel(
          image,
          [&](auto* row, std::size_t x) {
            const auto v = load<std::int32_t>(row + 4 * x);
            return gray(clip(v), alpha(is_key(v)));
          },
          put);
    case Mode::i16:
      return each_pixel(
          image,
          [](auto* row, std::size_t x) {
            return gray(clip<int>(load<std::uint16_t>(row + 2 * x)));
          },
          put);
    case Mode::i16b:
      return each_pixel(
          image,
          [](auto* row, std::size_t x) {
            return gray(clip(row[2 * x] << 8 | row[2 * x + 1]));
          },
          put);
    case Mode::f:
      return each_pixel(
          image,
          [](auto* row, std::size_t x) {
            return gray(clip_float(load<float>(row + 4 * x)));
          },
          put);
    case Mode::pa:
      return each_pixel(
          image,
          [&p = *image.palette()](auto* row, std::size_t x) {
            const auto& c = p.colors[row[2 * x]];
            return Rgba{c[0], c[1], c[2], row[2 * x + 1]};
          },
          put);
    case Mode::rgbx:
      return each_pixel(
          image,
          [](auto* row, std::size_t x) {
            const auto* c = row + 4 * x;
            return Rgba{c[0], c[1], c[2], 255};
          },
          put);
  }
}

/// Source coordinates of a turned picture's pixel. Orientations from EXIF 2.3:
/// which corner row 0 and column 0 are shown at.
struct Turn {
  bool swapped, flip_x, flip_y;
};

constexpr std::array turns{
    Turn{false, false, false}, Turn{false, true, false},
    Turn{false, true, true},   Turn{false, false, true},
    Turn{true, false, false},  Turn{true, false, true},
    Turn{true, true, true},    Turn{true, true, false},
};

/// `source` (pixels of `size` bytes) read along the turned picture's rows.
void turn_pixels(const std::uint8_t* source, std::size_t width,
                 std::size_t height, std::size_t size, Turn turn,
                 std::uint8_t* out) {
  const auto out_width = turn.swapped ? height : width;
  const auto out_height = turn.swapped ? width : height;
  for (std::size_t v = 0; v < out_height; ++v)
    for (std::size_t u = 0; u < out_width; ++u) {
      auto x = turn.swapped ? v : u;
      auto y = turn.swapped ? u : v;
      if (turn.flip_x) x = width - 1 - x;
      if (turn.flip_y) y = height - 1 - y;
      std::memcpy(out, source + (y * width + x) * size, size);
      out += size;
    }
}

}  // namespace

std::vector<std::uint8_t> unpack_bits(const Image& image) {
  std::vector<std::uint8_t> pixels(image.width() * image.height());
  each_pixel(
      image,
      [](auto* row, std::size_t x) { return row[x / 8] >> (7 - x % 8) & 1; },
      [&](std::size_t at, int bit) { pixels[at] = bit ? 255 : 0; });
  return pixels;
}

std::vector<std::byte> pack_bits(std::span<const std::uint8_t> pixels,
                                 std::size_t width) {
  const auto height = pixels.size() / width;
  const auto stride = row_bytes(Mode::bilevel, width);
  std::vector<std::byte> packed(stride * height);
  for (std::size_t i = 0; i < pixels.size(); ++i)
    if (pixels[i])
      packed[i / width * stride + i % width / 8] |=
          std::byte{128} >> (i % width % 8);
  return packed;
}

Image Image::to_rgb(Alpha alpha) const {
  if (mode() == Mode::rgb && (alpha == Alpha::drop || !has_transparency()))
    return *this;
  auto parts = blank(Mode::rgb, width(), height());
  parts.format = format();
  auto* out = bytes_of(parts.pixels);
  if (alpha == Alpha::drop) {
    each_colour(*this, [&](std::size_t at, Rgba c) {
      std::memcpy(out + 3 * at, &c, 3);
    });
  } else {
    each_colour(*this, [&](std::size_t at, Rgba c) {
      const auto over = [&](std::uint8_t v) {
        return static_cast<std::uint8_t>(multiply_255(v, c.a) + 255 - c.a);
      };
      out[3 * at] = over(c.r);
      out[3 * at + 1] = over(c.g);
      out[3 * at + 2] = over(c.b);
    });
  }
  return Image(std::move(parts));
}

bool Image::has_transparency() const {
  if (mode() == Mode::la || mode() == Mode::rgba || mode() == Mode::pa ||
      parts_.transparent)
    return true;
  return parts_.palette &&
         std::ranges::any_of(parts_.palette->alphas,
                             [](std::uint8_t a) { return a != 255; });
}

void premultiply(ImageParts& parts) {
  auto* p = bytes_of(parts.pixels);
  const auto size = describe(parts.mode).bytes_per_pixel;
  for (const auto* end = p + parts.pixels.size(); p != end; p += size)
    for (std::size_t c = 0; c + 1 < size; ++c)
      p[c] = static_cast<std::uint8_t>(multiply_255(p[c], p[size - 1]));
}

void unpremultiply(ImageParts& parts) {
  auto* p = bytes_of(parts.pixels);
  const auto size = describe(parts.mode).bytes_per_pixel;
  for (const auto* end = p + parts.pixels.size(); p != end; p += size) {
    const int alpha = p[size - 1];
    if (alpha == 0 || alpha == 255) continue;
    for (std::size_t c = 0; c + 1 < size; ++c) p[c] = clip(255 * p[c] / alpha);
  }
}

Image turned(const Image& image, int orientation) {
  const auto turn = turns[static_cast<std::size_t>(orientation - 1)];
  auto parts = image.parts();
  if (turn.swapped) std::swap(parts.width, parts.height);
  if (image.mode() == Mode::bilevel) {
    const auto source = unpack_bits(image);
    std::vector<std::uint8_t> out(source.size());
    turn_pixels(source.data(), image.width(), image.height(), 1, turn,
                out.data());
    parts.pixels = pack_bits(out, parts.width);
  } else {
    turn_pixels(bytes_of(image.pixels()), image.width(), image.height(),
                describe(image.mode()).bytes_per_pixel, turn,
                bytes_of(parts.pixels));
  }
  return Image(std::move(parts));
}

}  // namespace igrot
