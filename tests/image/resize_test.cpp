#include <gtest/gtest.h>

#include <cstring>

#include "igrot/error.h"
#include "image/convert.h"
#include "image/geometry.h"
#include "tests/image/golden.h"

namespace igrot {
namespace {

/// A picture from a row's array; bilevel ones hold a byte a pixel there.
Image input_of(const nlohmann::json& row) {
  ImageParts parts;
  parts.mode = mode_named(row.at("mode").get<std::string>());
  parts.width = row.at("width");
  parts.height = row.at("height");
  parts.pixels = npy_data(row.at("input").get<std::string>());
  if (parts.mode == Mode::bilevel)
    parts.pixels = pack_bits(
        std::span(reinterpret_cast<const std::uint8_t*>(parts.pixels.data()),
                  parts.pixels.size()),
        parts.width);
  if (row.contains("palette")) {
    auto& palette = parts.palette.emplace();
    const auto& numbers = row.at("palette");
    for (std::size_t i = 0; i < numbers.size(); ++i)
      palette.colors[i / 3][i % 3] = numbers[i];
  }
  return Image(std::move(parts));
}

std::vector<std::byte> unpacked(const Image& image) {
  if (image.mode() != Mode::bilevel)
    return {image.pixels().begin(), image.pixels().end()};
  const auto pixels = unpack_bits(image);
  const auto bytes = std::as_bytes(std::span(pixels));
  return {bytes.begin(), bytes.end()};
}

TEST(Resizing, GivesThePixelsOfTheReference) {
  for (const auto& row : golden_rows("resize.jsonl")) {
    SCOPED_TRACE(row.dump());
    const auto resized =
        resize(input_of(row), row.at("to_width"), row.at("to_height"));
    EXPECT_EQ(sha256_hex(resized.pixels()), row.at("sha256"));
  }
}

// The geometry's own side is not used: sizes stay, the whole is wanted.
Axis unresized(Axis axis) {
  axis.resized = axis.extent;
  axis.first = 0;
  axis.count = axis.extent;
  return axis;
}

TEST(Padding, IsThatOfTheReferenceInEveryMode) {
  for (const auto& row : golden_rows("pad.jsonl")) {
    SCOPED_TRACE(row.dump());
    const auto image = input_of(row);
    const auto [x, y] = geometry(
        image.width(), image.height(),
        {.pad = row.at("pad") == "targetpad" ? Pad::target : Pad::square});
    const auto padded = resample(image, unresized(x), unresized(y));
    EXPECT_EQ(unpacked(padded),
              npy_data(row.at("expected").get<std::string>()));
    const auto rgb = padded.to_rgb();
    EXPECT_EQ(unpacked(rgb),
              npy_data(row.at("expected_rgb").get<std::string>()));
  }
}

TEST(Resizing, KeepsEveryPixelWhenTheSizeStays) {
  ImageParts parts;
  parts.mode = Mode::rgba;
  parts.width = 1;
  parts.height = 1;
  parts.pixels = {std::byte{9}, std::byte{8}, std::byte{7}, std::byte{0}};
  const Image image(std::move(parts));
  EXPECT_EQ(unpacked(resize(image, 1, 1)), unpacked(image));
}

TEST(Resizing, RefusesSixteenBitGrayAsPilDoes) {
  ImageParts parts;
  parts.mode = Mode::i16;
  parts.width = 1;
  parts.height = 1;
  parts.pixels.resize(2);
  const Image image(std::move(parts));
  EXPECT_THROW(resize(image, 2, 2), Error);
  EXPECT_EQ(resize(image, 1, 1).width(), 1U);
}

TEST(Resizing, RefusesEmptyTargets) {
  ImageParts parts;
  parts.mode = Mode::l;
  parts.width = 1;
  parts.height = 1;
  parts.pixels.resize(1);
  EXPECT_THROW(resize(Image(std::move(parts)), 0, 1), Error);
}

}  // namespace
}  // namespace igrot
