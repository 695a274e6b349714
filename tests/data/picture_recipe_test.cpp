#include <gmock/gmock.h>

#include <cmath>

#include "data/training_set.h"
#include "tests/data/sample.h"

namespace igrot {
namespace {

using testing::ElementsAreArray;
using testing::HasSubstr;

constexpr PictureRecipe laion{.rgba_unless_rgb = true};

std::vector<std::byte> bytes(std::initializer_list<int> values) {
  std::vector<std::byte> all;
  for (const int value : values) all.push_back(static_cast<std::byte>(value));
  return all;
}

/// A row of pixels, twice, so that a square of 2 cuts nothing off.
ImageParts two_by_two(Mode mode, std::initializer_list<int> row) {
  ImageParts parts;
  parts.mode = mode;
  parts.width = parts.height = 2;
  parts.pixels = bytes(row);
  const auto once = parts.pixels;
  parts.pixels.insert(parts.pixels.end(), once.begin(), once.end());
  return parts;
}

/// The square of 1 that a recipe makes: both columns weigh alike in it.
std::vector<std::byte> one_pixel(const ImageParts& parts,
                                 const PictureRecipe& recipe) {
  const auto square = square_picture(Image(parts), {.side = 1}, recipe);
  return {square.pixels().begin(), square.pixels().end()};
}

/// What becomes of an RGBA picture with that row.
std::vector<std::byte> rgba(std::initializer_list<int> row) {
  return one_pixel(two_by_two(Mode::rgba, row), {});
}

TEST(Recipes, HideTheTransparentColourOfGrayPictures) {
  auto parts = two_by_two(Mode::l, {10, 200});
  parts.transparent = {10, 0, 0};
  EXPECT_EQ(one_pixel(parts, laion), rgba({10, 10, 10, 0, 200, 200, 200, 255}));
  EXPECT_EQ(one_pixel(parts, {}), bytes({105, 105, 105}));
}

TEST(Recipes, HideTheTransparentColourOfBilevelPictures) {
  auto parts = two_by_two(Mode::bilevel, {0b10000000});
  parts.transparent = {0, 0, 0};
  EXPECT_EQ(one_pixel(parts, laion), rgba({255, 255, 255, 255, 0, 0, 0, 0}));
  parts.transparent = {1, 0, 0};
  EXPECT_EQ(one_pixel(parts, laion), rgba({255, 255, 255, 0, 0, 0, 0, 255}));
}

TEST(Recipes, CompareTransparentColoursOfWideGrayByTheirLowByte) {
  // 300 is white by then, and 300 mod 256 is 44, as in PIL.
  auto parts = two_by_two(Mode::i, {300 & 255, 300 >> 8, 0, 0, 44, 0, 0, 0});
  parts.transparent = {300, 0, 0};
  EXPECT_EQ(one_pixel(parts, laion), rgba({255, 255, 255, 255, 44, 44, 44, 0}));
}

TEST(Recipes, HideTransparentIndices) {
  auto parts = two_by_two(Mode::p, {0, 1});
  parts.palette.emplace();
  parts.palette->colors[1] = {1, 2, 3};
  parts.palette->alphas[0] = 0;
  EXPECT_EQ(one_pixel(parts, laion), rgba({0, 0, 0, 0, 1, 2, 3, 255}));
}

TEST(Recipes, KeepTheAlphaOfGrayPicturesThatHaveIt) {
  EXPECT_EQ(one_pixel(two_by_two(Mode::la, {10, 0, 200, 255}), laion),
            rgba({10, 10, 10, 0, 200, 200, 200, 255}));
}

TEST(Recipes, LeaveRgbPicturesWithATransparentColourAlone) {
  auto parts = two_by_two(Mode::rgb, {10, 10, 10, 200, 200, 200});
  parts.transparent = {10, 10, 10};
  EXPECT_EQ(one_pixel(parts, laion), bytes({105, 105, 105}));
}

TEST(Recipes, ConvertFirstWhateverThePreprocessingSays) {
  // As opened, indices are resized by nearest neighbour.
  auto parts = two_by_two(Mode::p, {10, 200});
  const auto blended = one_pixel(parts, {.convert = Convert::first});
  EXPECT_EQ(blended, bytes({105, 105, 105}));
  EXPECT_NE(one_pixel(parts, {}), blended);
}

TEST(Recipes, DivideRowsByTheirNorm) {
  // With mean 0 and deviation 1 / 255 a pixel is its own number: 3 and 4 have
  // the norm 5, and a row of zeros stays.
  const Preprocess plain{.side = 2,
                         .mean = {0, 0, 0},
                         .std = {1 / 255.0F, 1 / 255.0F, 1 / 255.0F}};
  const Image square(two_by_two(Mode::rgb, {3, 0, 1, 4, 0, 1}));
  const auto pixels = square_pixels(square, plain, {.row_normalize = true});
  const auto half = std::sqrt(0.5F);
  const std::vector<float> expected{0.6F, 0.8F, 0.6F, 0.8F, 0,    0,
                                    0,    0,    half, half, half, half};
  EXPECT_EQ(pixels.shape(), Shape({3, 2, 2}));
  EXPECT_THAT(pixels.values(),
              testing::Pointwise(testing::FloatEq(), expected));
}

TEST(ReadingPixels, NamesTheFileThatFails) {
  const TemporaryFolder folder;
  write_text(folder / "x.png", "no picture");
  EXPECT_THAT(refusal(ErrorKind::unsupported,
                      [&] { read_pixels(folder / "x.png", {}, {}); }),
              HasSubstr((folder / "x.png").string()));
}

}  // namespace
}  // namespace igrot
