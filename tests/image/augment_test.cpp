#include "image/augment.h"

#include <gmock/gmock.h>

#include <cmath>
#include <functional>

#include "igrot/error.h"
#include "tests/image/golden.h"

namespace igrot {
namespace {

using testing::ElementsAre;
using Pixel = std::array<int, 3>;

/// A square of pixels that depend on their column and row.
Image square(std::size_t side, const std::function<Pixel(int, int)>& colour) {
  ImageParts parts{.mode = Mode::rgb,
                   .width = side,
                   .height = side,
                   .pixels = {},
                   .palette = {},
                   .transparent = {},
                   .format = {}};
  for (std::size_t y = 0; y < side; ++y)
    for (std::size_t x = 0; x < side; ++x)
      for (const auto value : colour(static_cast<int>(x), static_cast<int>(y)))
        parts.pixels.push_back(static_cast<std::byte>(value));
  return Image(std::move(parts));
}

Pixel pixel(const Image& image, std::size_t x, std::size_t y) {
  Pixel pixel;
  for (std::size_t c = 0; c < 3; ++c)
    pixel[c] = std::to_integer<int>(image.row(y)[3 * x + c]);
  return pixel;
}

std::vector<int> reds(const Image& image, std::size_t y) {
  std::vector<int> reds;
  for (std::size_t x = 0; x < image.width(); ++x)
    reds.push_back(pixel(image, x, y)[0]);
  return reds;
}

/// Red: 40 more a column, 10 more a row.
Image ramp() {
  return square(4, [](int x, int y) {
    const int value = 40 * x + 10 * y;
    return Pixel{value, 255 - value, 7 * value % 256};
  });
}

Image picture() {
  return prepare_rgb(Image::open(golden("sources/jpeg_444.jpg")), {.side = 33});
}

TEST(View, WithoutChangesIsThePictureItself) {
  const auto original = picture();
  EXPECT_EQ(apply_view(original, {}).parts().pixels, original.parts().pixels);
}

TEST(View, MirroredTwiceIsThePictureItself) {
  const auto original = picture();
  const View mirrored{.mirrored = true};
  const auto once = apply_view(original, mirrored);
  EXPECT_EQ(pixel(once, 0, 5), pixel(original, 32, 5));
  EXPECT_EQ(apply_view(once, mirrored).parts().pixels, original.parts().pixels);
}

TEST(View, EnlargesTheMiddleOfThePicture) {
  const auto view = apply_view(ramp(), {.scale = 0.5});
  // Its columns lie at 0.75, 1.25, 1.75 and 2.25 of the ramp, its rows alike.
  EXPECT_THAT(reds(view, 0), ElementsAre(38, 58, 78, 98));
  EXPECT_THAT(reds(view, 3), ElementsAre(53, 73, 93, 113));
}

TEST(View, MovesThePictureRightAndDownOverItsOwnEdge) {
  const auto view = apply_view(ramp(), {.shift_x = 0.5, .shift_y = 0.25});
  EXPECT_THAT(reds(view, 0), ElementsAre(0, 0, 0, 40));
  EXPECT_THAT(reds(view, 1), ElementsAre(0, 0, 0, 40));
  EXPECT_THAT(reds(view, 2), ElementsAre(10, 10, 10, 50));
}

TEST(View, TurnsCounterClockwise) {
  const auto view = apply_view(ramp(), {.rotate = 90});
  // The right column becomes the top row.
  EXPECT_THAT(reds(view, 0), ElementsAre(120, 130, 140, 150));
  EXPECT_THAT(reds(view, 3), ElementsAre(0, 10, 20, 30));
}

TEST(View, MovesThenTurnsThenMirrors) {
  const auto view =
      apply_view(ramp(), {.shift_x = 0.25, .rotate = 90, .mirrored = true});
  EXPECT_THAT(reds(view, 0), ElementsAre(110, 100, 90, 80));
}

TEST(View, ColoursLikeTorchvision) {
  // Grays of 134.59 and 30, which make a mean of 82.295.
  const auto pair = square(2, [](int x, int) {
    return x == 0 ? Pixel{250, 100, 10} : Pixel{30, 30, 30};
  });
  struct Row {
    View view;
    Pixel left, right;
  };
  for (const auto& [view, left, right] :
       {Row{{.brightness = 0.5}, {125, 50, 5}, {15, 15, 15}},
        Row{{.brightness = 1.5}, {255, 150, 15}, {45, 45, 45}},
        Row{{.contrast = 0}, {82, 82, 82}, {82, 82, 82}},
        Row{{.contrast = 1.5}, {255, 109, 0}, {4, 4, 4}},
        Row{{.saturation = 0}, {135, 135, 135}, {30, 30, 30}},
        Row{{.saturation = 1.5}, {255, 83, 0}, {30, 30, 30}},
        Row{{.gray = true}, {135, 135, 135}, {30, 30, 30}}}) {
    SCOPED_TRACE(testing::PrintToString(left));
    EXPECT_EQ(pixel(apply_view(pair, view), 0, 0), left);
    EXPECT_EQ(pixel(apply_view(pair, view), 1, 1), right);
  }
}

/// White, with one black column.
Image stroke() {
  return square(6, [](int x, int) {
    return x == 2 ? Pixel{0, 0, 0} : Pixel{255, 255, 255};
  });
}

TEST(View, ThickensDarkStrokes) {
  EXPECT_THAT(reds(apply_view(stroke(), {.thick = true}), 3),
              ElementsAre(255, 0, 0, 0, 255, 255));
}

TEST(View, DrawsLinesWhereTheColoursChange) {
  // Two colours of the same lightness, and a change too weak for black.
  const auto fields = square(6, [](int x, int) {
    return x < 3   ? Pixel{200, 0, 0}
           : x < 5 ? Pixel{0, 0, 200}
                   : Pixel{0, 0, 150};
  });
  EXPECT_THAT(reds(apply_view(fields, {.hand = View::Hand::liner}), 2),
              ElementsAre(255, 255, 0, 0, 155, 155));
}

TEST(View, PrintsBlackWhatIsDarkerThanTheLevel) {
  // Grays of 0, 40, ..., 120 and of 0, 10, ..., 30 below it.
  const auto grays = square(4, [](int x, int y) {
    const int value = 60 + 40 * x + 5 * y;
    return Pixel{value, value, value};
  });
  // Half way from the darkest, 60, to white: 157.5.
  const auto ink =
      apply_view(grays, {.hand = View::Hand::printer, .ink_level = 0.5});
  EXPECT_THAT(reds(ink, 0), ElementsAre(0, 0, 0, 255));
  const auto little =
      apply_view(grays, {.hand = View::Hand::printer, .ink_level = 0.1});
  EXPECT_THAT(reds(little, 0), ElementsAre(0, 255, 255, 255));
}

TEST(View, TurnsHuesAndKeepsGrays) {
  const auto pair = square(2, [](int x, int) {
    return x == 0 ? Pixel{160, 110, 110} : Pixel{90, 90, 90};
  });
  const auto turned = apply_view(pair, {.hue = 120});
  const auto [red, green, blue] = pixel(turned, 0, 0);
  EXPECT_GT(green, red);
  EXPECT_GT(green, blue);
  EXPECT_NEAR(0.299 * red + 0.587 * green + 0.114 * blue, 125, 1.5);
  EXPECT_EQ(pixel(turned, 1, 0), (Pixel{90, 90, 90}));
}

TEST(View, ErasesARectangle) {
  const auto view = apply_view(
      square(4,
             [](int, int) {
               return Pixel{9, 9, 9};
             }),
      {.erased = {.x = 0.5, .y = 0.25, .width = 0.9, .height = 0.25}});
  EXPECT_THAT(reds(view, 0), ElementsAre(9, 9, 9, 9));
  EXPECT_THAT(reds(view, 1), ElementsAre(9, 9, 255, 255));
  EXPECT_THAT(reds(view, 2), ElementsAre(9, 9, 9, 9));
}

TEST(View, IsOfAnRgbSquareOnly) {
  EXPECT_THROW(apply_view(resize(ramp(), 4, 3), {}), Error);
  EXPECT_THROW(apply_view(Image({.mode = Mode::l,
                                 .width = 1,
                                 .height = 1,
                                 .pixels = {std::byte{9}},
                                 .palette = {},
                                 .transparent = {},
                                 .format = {}}),
                          {}),
               Error);
}

constexpr Augment everything{.min_scale = 0.5,
                             .max_rotate = 30,
                             .max_shift = 0.1,
                             .flip = 0.5,
                             .brightness = 0.4,
                             .contrast = 0.3,
                             .saturation = 1,
                             .hue = 20,
                             .gray = 0.2,
                             .lines = 0.3,
                             .ink = 0.25,
                             .thicken = 0.4,
                             .erase = 0.1};

View drawn(const Augment& settings, std::uint64_t sample) {
  Random random(1, 2, 3, sample);
  return draw_view(settings, random);
}

TEST(DrawingViews, DependsOnTheKeyAlone) {
  EXPECT_EQ(drawn(everything, 4), drawn(everything, 4));
  EXPECT_NE(drawn(everything, 4), drawn(everything, 5));
}

TEST(DrawingViews, ChangesNothingByDefault) {
  EXPECT_EQ(drawn({}, 4), View{});
}

TEST(DrawingViews, LeavesTheOtherNumbersAloneWhenOneSettingChanges) {
  auto less = everything;
  less.max_rotate = 0;
  for (std::uint64_t sample = 0; sample < 20; ++sample) {
    auto expected = drawn(everything, sample);
    expected.rotate = 0;
    EXPECT_EQ(drawn(less, sample), expected);
  }
}

/// What 2000 views have of a number, at least and at most.
std::pair<double, double> bounds(const Augment& settings,
                                 const std::function<double(const View&)>& of) {
  std::pair bounds(1e9, -1e9);
  for (std::uint64_t sample = 0; sample < 2000; ++sample) {
    const auto value = of(drawn(settings, sample));
    bounds = {std::min(bounds.first, value), std::max(bounds.second, value)};
  }
  return bounds;
}

TEST(DrawingViews, FillsTheRangesAndStaysInThem) {
  struct Row {
    double View::*number;
    double least, most;
  };
  for (const auto& [number, least, most] :
       {Row{&View::scale, 0.5, 1}, Row{&View::rotate, -30, 30},
        Row{&View::brightness, 0.6, 1.4}, Row{&View::contrast, 0.7, 1.3},
        Row{&View::saturation, 0, 2}, Row{&View::hue, -20, 20}}) {
    const auto [low, high] =
        bounds(everything, [&](const View& view) { return view.*number; });
    const auto near = 0.01 * (most - least);
    EXPECT_GE(low, least);
    EXPECT_LE(high, most);
    EXPECT_NEAR(low, least, near);
    EXPECT_NEAR(high, most, near);
  }
}

TEST(DrawingViews, CutsWithinThePictureUnlessItIsShifted) {
  Augment crop;
  crop.min_scale = 0.5;
  const auto over_edge = [](const View& view) {
    return std::max(std::abs(view.shift_x), std::abs(view.shift_y)) -
           (1 - view.scale) / 2;
  };
  EXPECT_LE(bounds(crop, over_edge).second, 0);
  EXPECT_GT(bounds(crop, over_edge).second, -0.001);
  Augment shift;
  shift.max_shift = 0.2;
  EXPECT_NEAR(bounds(shift, over_edge).second, 0.2, 0.001);
}

TEST(DrawingViews, DoesAsOftenAsAsked) {
  using Hand = View::Hand;
  struct Row {
    double probability;
    bool (*done)(const View&);
  };
  for (const auto& [probability, done] :
       {Row{0.5, [](const View& v) { return v.mirrored; }},
        Row{0.2, [](const View& v) { return v.gray; }},
        Row{0.3, [](const View& v) { return v.hand == Hand::liner; }},
        Row{0.25, [](const View& v) { return v.hand == Hand::printer; }},
        Row{0.4, [](const View& v) { return v.thick; }},
        Row{0.1, [](const View& v) { return v.erased != View::Box{}; }}}) {
    double times = 0;
    for (std::uint64_t sample = 0; sample < 2000; ++sample)
      times += done(drawn(everything, sample));
    const auto deviation = std::sqrt(probability * (1 - probability) / 2000);
    EXPECT_NEAR(times / 2000, probability, 4 * deviation);
  }
}

}  // namespace
}  // namespace igrot
