#include <gtest/gtest.h>

#include <cstring>

#include "igrot/error.h"
#include "image/geometry.h"
#include "tests/image/golden.h"

namespace igrot {
namespace {

Preprocess preprocess_of(const nlohmann::json& row) {
  Preprocess preprocess;
  preprocess.side = row.at("side");
  preprocess.pad = row.at("pad") == "targetpad" ? Pad::target : Pad::square;
  if (!row.at("ratio").is_null()) preprocess.ratio = row.at("ratio");
  if (row.value("convert_first", false)) preprocess.convert = Convert::first;
  return preprocess;
}

Image rgb(std::size_t width, std::size_t height, std::byte value) {
  ImageParts parts;
  parts.width = width;
  parts.height = height;
  parts.pixels.assign(3 * width * height, value);
  return Image(std::move(parts));
}

TEST(Preparing, GivesTheSquaresOfTheReference) {
  for (const auto& row : golden_rows("cases.jsonl")) {
    SCOPED_TRACE(row.dump());
    const auto preprocess = preprocess_of(row);
    if (row.at("sha256_rgb").is_null()) {
      EXPECT_THROW(prepare_rgb(Image::open(golden(file_in(row))), preprocess),
                   Error);
      continue;
    }
    const auto square =
        prepare_rgb(Image::open(golden(file_in(row))), preprocess);
    EXPECT_EQ(sha256_hex(square.pixels()), row.at("sha256_rgb"));
  }
}

TEST(Geometry, IsThatOfTheReference) {
  for (const auto& row : golden_rows("geometry.jsonl")) {
    SCOPED_TRACE(row.dump());
    const auto [x, y] = geometry(row.at("w"), row.at("h"), preprocess_of(row));
    const auto& pad = row.at("pad_ltrb");
    EXPECT_EQ(x.before, pad[0].get<std::size_t>());
    EXPECT_EQ(y.before, pad[1].get<std::size_t>());
    EXPECT_EQ(x.extent, row.at("padded_w").get<std::size_t>());
    EXPECT_EQ(y.extent, row.at("padded_h").get<std::size_t>());
    EXPECT_EQ(x.resized, row.at("resized_w").get<std::size_t>());
    EXPECT_EQ(y.resized, row.at("resized_h").get<std::size_t>());
    EXPECT_EQ(x.first, row.at("crop_left").get<std::size_t>());
    EXPECT_EQ(y.first, row.at("crop_top").get<std::size_t>());
  }
}

TEST(Normalising, GivesTheNumbersOfTheReference) {
  for (const auto& row : golden_rows("normalize.jsonl")) {
    SCOPED_TRACE(row.dump());
    const auto tensor =
        prepare(Image::open(golden(file_in(row))), preprocess_of(row));
    EXPECT_EQ(tensor.shape(), Shape({3, row.at("side"), row.at("side")}));
    EXPECT_EQ(sha256_hex(std::as_bytes(tensor.values())), row.at("sha256"));
  }
}

TEST(Normalising, MapsEveryValueOfEveryChannel) {
  auto parts = rgb(256, 1, std::byte{0}).parts();
  for (std::size_t v = 0; v < 256; ++v)
    for (std::size_t c = 0; c < 3; ++c)
      parts.pixels[3 * v + c] = static_cast<std::byte>(v);
  std::vector<float> numbers(3 * 256);
  normalize_into(Image(std::move(parts)), {}, numbers);
  const auto expected = npy_data("normalize/lut_3x256.npy");
  ASSERT_EQ(expected.size(), numbers.size() * sizeof(float));
  EXPECT_EQ(std::memcmp(numbers.data(), expected.data(), expected.size()), 0);
}

TEST(Normalising, RefusesRoomOfAnotherSize) {
  std::vector<float> numbers(5);
  EXPECT_THROW(normalize_into(rgb(2, 1, {}), {}, numbers), Error);
}

TEST(Preparing, CompositesOnWhiteBeforeThePaddingWhenAsked) {
  ImageParts parts;
  parts.mode = Mode::rgba;
  parts.width = 2;
  parts.height = 1;
  parts.pixels.assign(8, std::byte{0});
  const auto square = prepare_rgb(
      Image(std::move(parts)),
      {.side = 2, .pad = Pad::square, .ratio = 1, .alpha = Alpha::white});
  // Padded from 2 x 1 by int(0.5) = 0 rows: all of it is the picture.
  EXPECT_EQ(square.pixels()[0], std::byte{255});
}

TEST(Preparing, RefusesSettingsOutOfRange) {
  const auto image = rgb(2, 2, {});
  EXPECT_THROW(prepare_rgb(image, {.side = 0}), Error);
  EXPECT_THROW(prepare_rgb(image, {.side = 1 << 20}), Error);
  EXPECT_THROW(prepare_rgb(image, {.ratio = 0.5}), Error);
}

TEST(Preparing, RefusesStripsThatWouldBecomeEndless) {
  EXPECT_THROW(prepare_rgb(rgb(1 << 19, 1, {}), {.pad = Pad::none}), Error);
}

TEST(Preparing, CopesWithTheLongestStripWhenItIsPadded) {
  const auto square = prepare_rgb(rgb(1 << 20, 1, std::byte{255}), {.side = 8});
  EXPECT_EQ(square.width(), 8U);
}

}  // namespace
}  // namespace igrot
