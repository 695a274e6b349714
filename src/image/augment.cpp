#include "image/augment.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "image/decoder.h"

namespace igrot {
namespace {

/// Of a pixel, each 0 to 255.
using Colour = std::array<float, 3>;

/// a and b in shares of 1 - share and share; beyond 0 to 1 it goes on in that
/// direction.
Colour blend(const Colour& a, const Colour& b, float share) {
  Colour out;
  for (std::size_t c = 0; c < 3; ++c)
    out[c] = (1 - share) * a[c] + share * b[c];
  return out;
}

Colour gray_of(const Colour& colour) {
  const auto gray =
      0.299F * colour[0] + 0.587F * colour[1] + 0.114F * colour[2];
  return {gray, gray, gray};
}

void clamp(Colour& colour) {
  for (auto& value : colour) value = std::clamp(value, 0.0F, 255.0F);
}

/// A place between two pixels of a row or column; beyond the edge, the edge.
struct Between {
  std::size_t low;
  std::size_t high;
  float share_of_high;
};

Between between(double place, std::size_t side) {
  const auto inside = std::clamp(place, 0.0, static_cast<double>(side - 1));
  const auto low = static_cast<std::size_t>(inside);
  return {
      .low = low,
      .high = std::min(low + 1, side - 1),
      .share_of_high = static_cast<float>(inside - static_cast<double>(low))};
}

Colour pixel(const Image& rgb, std::size_t x, std::size_t y) {
  const auto* p = bytes_of(rgb.pixels()) + 3 * (y * rgb.width() + x);
  return {static_cast<float>(p[0]), static_cast<float>(p[1]),
          static_cast<float>(p[2])};
}

Colour sample(const Image& rgb, double x, double y) {
  const auto across = between(x, rgb.width());
  const auto down = between(y, rgb.height());
  const auto row = [&](std::size_t at) {
    return blend(pixel(rgb, across.low, at), pixel(rgb, across.high, at),
                 across.share_of_high);
  };
  return blend(row(down.low), row(down.high), down.share_of_high);
}

/// Where the pixels of a view lie in the picture.
std::vector<Colour> warped(const Image& rgb, const View& view) {
  const auto side = static_cast<double>(rgb.width());
  const auto angle = view.rotate * std::numbers::pi / 180;
  const auto cos = std::cos(angle) * view.scale;
  const auto sin = std::sin(angle) * view.scale;
  const auto middle = (side - 1) / 2;
  std::vector<Colour> out;
  out.reserve(rgb.width() * rgb.height());
  for (std::size_t row = 0; row < rgb.height(); ++row)
    for (std::size_t column = 0; column < rgb.width(); ++column) {
      const auto right = static_cast<double>(column) - middle;
      const auto x = view.mirrored ? -right : right;
      const auto y = static_cast<double>(row) - middle;
      out.push_back(sample(rgb,
                           middle + cos * x - sin * y - view.shift_x * side,
                           middle + sin * x + cos * y - view.shift_y * side));
    }
  return out;
}

void brighten(std::vector<Colour>& pixels, float factor) {
  for (auto& colour : pixels) {
    colour = blend({}, colour, factor);
    clamp(colour);
  }
}

void change_contrast(std::vector<Colour>& pixels, float factor) {
  double sum = 0;
  for (const auto& colour : pixels) sum += double{gray_of(colour)[0]};
  const auto mean =
      static_cast<float>(sum / static_cast<double>(pixels.size()));
  for (auto& colour : pixels) {
    colour = blend({mean, mean, mean}, colour, factor);
    clamp(colour);
  }
}

void saturate(std::vector<Colour>& pixels, float factor) {
  for (auto& colour : pixels) {
    colour = blend(gray_of(colour), colour, factor);
    clamp(colour);
  }
}

/// Turns the colours about the axis of grays (the chroma of YIQ).
void turn_hue(std::vector<Colour>& pixels, double degrees) {
  const auto cos =
      static_cast<float>(std::cos(degrees * std::numbers::pi / 180));
  const auto sin =
      static_cast<float>(std::sin(degrees * std::numbers::pi / 180));
  for (auto& p : pixels) {
    const auto y = gray_of(p)[0];
    const auto i = 0.596F * p[0] - 0.274F * p[1] - 0.322F * p[2];
    const auto q = 0.211F * p[0] - 0.523F * p[1] + 0.312F * p[2];
    const auto u = cos * i + sin * q;
    const auto v = cos * q - sin * i;
    p = {y + 0.956F * u + 0.621F * v, y - 0.272F * u - 0.647F * v,
         y - 1.106F * u + 1.703F * v};
    clamp(p);
  }
}

/// `out(x, y)` of every pixel, which may look at the old ones.
template <class Out>
void redraw(std::vector<Colour>& pixels, std::size_t side, Out&& out) {
  std::vector<Colour> drawn;
  drawn.reserve(pixels.size());
  for (std::size_t y = 0; y < side; ++y)
    for (std::size_t x = 0; x < side; ++x) drawn.push_back(out(x, y));
  pixels = std::move(drawn);
}

/// The pixels up to one away from (x, y), of a square.
template <class Take>
void for_each_near(const std::vector<Colour>& pixels, std::size_t side,
                   std::size_t x, std::size_t y, Take&& take) {
  for (auto row = y - std::min<std::size_t>(y, 1);
       row <= std::min(y + 1, side - 1); ++row)
    for (auto column = x - std::min<std::size_t>(x, 1);
         column <= std::min(x + 1, side - 1); ++column)
      take(pixels[row * side + column]);
}

/// Black where the colours around a pixel differ by 128 or more in a channel.
void draw_lines(std::vector<Colour>& pixels, std::size_t side) {
  redraw(pixels, side, [&](std::size_t x, std::size_t y) {
    Colour least{255, 255, 255};
    Colour most{};
    for_each_near(pixels, side, x, y, [&](const Colour& near) {
      for (std::size_t c = 0; c < 3; ++c) {
        least[c] = std::min(least[c], near[c]);
        most[c] = std::max(most[c], near[c]);
      }
    });
    float change = 0;
    for (std::size_t c = 0; c < 3; ++c)
      change = std::max(change, most[c] - least[c]);
    const auto light = 255 - std::min(255.0F, 2 * change);
    return Colour{light, light, light};
  });
}

void print_in_ink(std::vector<Colour>& pixels, double level) {
  float darkest = 255;
  for (const auto& p : pixels) darkest = std::min(darkest, gray_of(p)[0]);
  const auto limit = darkest + static_cast<float>(level) * (255 - darkest);
  for (auto& p : pixels)
    p = gray_of(p)[0] < limit ? Colour{} : Colour{255, 255, 255};
}

void thicken(std::vector<Colour>& pixels, std::size_t side) {
  redraw(pixels, side, [&](std::size_t x, std::size_t y) {
    Colour least{255, 255, 255};
    for_each_near(pixels, side, x, y, [&](const Colour& near) {
      for (std::size_t c = 0; c < 3; ++c)
        least[c] = std::min(least[c], near[c]);
    });
    return least;
  });
}

void erase(std::vector<Colour>& pixels, std::size_t side,
           const View::Box& box) {
  const auto at = [&](double share) {
    return static_cast<std::size_t>(
        std::lround(std::clamp(share, 0.0, 1.0) * static_cast<double>(side)));
  };
  for (auto y = at(box.y); y < at(box.y + box.height); ++y)
    for (auto x = at(box.x); x < at(box.x + box.width); ++x)
      pixels[y * side + x] = {255, 255, 255};
}

Image rounded(const std::vector<Colour>& pixels, std::size_t side) {
  auto parts = blank(Mode::rgb, side, side);
  auto* out = bytes_of(parts.pixels);
  for (const auto& colour : pixels)
    for (const auto value : colour)
      *out++ = static_cast<std::uint8_t>(value + 0.5F);
  return Image(std::move(parts));
}

}  // namespace

View draw_view(const Augment& settings, Random& random) {
  const auto either_way = [&](double most) {
    return random.uniform(-most, most);
  };
  const auto factor = [&](double change) {
    return random.uniform(std::max(0.0, 1 - change), 1 + change);
  };
  View view;
  view.scale = random.uniform(settings.min_scale, 1);
  const auto room = (1 - view.scale) / 2;
  view.shift_x = either_way(room);
  view.shift_y = either_way(room);
  view.shift_x += either_way(settings.max_shift);
  view.shift_y += either_way(settings.max_shift);
  view.rotate = either_way(settings.max_rotate);
  view.mirrored = random.uniform(0, 1) < settings.flip;
  view.brightness = factor(settings.brightness);
  view.contrast = factor(settings.contrast);
  view.saturation = factor(settings.saturation);
  view.gray = random.uniform(0, 1) < settings.gray;
  view.hue = either_way(settings.hue);
  const auto hand = random.uniform(0, 1);
  const auto ink_level = random.uniform(0.3, 0.9);
  if (hand < settings.lines) {
    view.hand = View::Hand::liner;
  } else if (hand < settings.lines + settings.ink) {
    view.hand = View::Hand::printer;
    view.ink_level = ink_level;
  }
  view.thick = random.uniform(0, 1) < settings.thicken;
  const auto erased = random.uniform(0, 1) < settings.erase;
  const View::Box box{.x = random.uniform(0, 0.8),
                      .y = random.uniform(0, 0.8),
                      .width = random.uniform(0.15, 0.5),
                      .height = random.uniform(0.15, 0.5)};
  if (erased) view.erased = box;
  return view;
}

Image apply_view(const Image& rgb, const View& view) {
  if (rgb.mode() != Mode::rgb || rgb.width() != rgb.height())
    fail(ErrorKind::usage,
         "a view is of an RGB square, not of {} x {} pixels of mode {}",
         rgb.width(), rgb.height(), describe(rgb.mode()).name);
  const auto side = rgb.width();
  auto pixels = warped(rgb, view);
  if (view.hand == View::Hand::liner) draw_lines(pixels, side);
  if (view.hand == View::Hand::printer) print_in_ink(pixels, view.ink_level);
  if (view.thick) thicken(pixels, side);
  brighten(pixels, static_cast<float>(view.brightness));
  change_contrast(pixels, static_cast<float>(view.contrast));
  saturate(pixels, static_cast<float>(view.saturation));
  if (view.hue != 0) turn_hue(pixels, view.hue);
  if (view.gray) saturate(pixels, 0);
  erase(pixels, side, view.erased);
  return rounded(pixels, side);
}

}  // namespace igrot
