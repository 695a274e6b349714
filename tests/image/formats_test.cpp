// Small files by hand: what the goldens do not show of each format. Expected
// pixels follow from the formats' rules or, where PIL departs from them, from
// what Pillow 9.4 was seen to do.
#include <gtest/gtest.h>

#include "igrot/error.h"
#include "igrot/image.h"
#include "image/convert.h"
#include "image/exif.h"

namespace igrot {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

Image decode(std::string_view file) {
  return Image::decode(std::as_bytes(std::span(file)));
}

std::string pixels_of(const Image& image) {
  const auto pixels = image.pixels();
  return {reinterpret_cast<const char*>(pixels.data()), pixels.size()};
}

template <class Number>
std::string little(Number number) {
  return {reinterpret_cast<const char*>(&number), sizeof number};
}

/// A BMP of Windows' first header; `rest` is palette and pixels.
std::string bmp(std::int32_t width, std::int32_t height, std::uint16_t bits,
                std::uint32_t compression, std::uint32_t colours,
                std::string_view rest) {
  const auto palette = 4 * colours;
  return "BM" + little<std::uint32_t>(0) + little<std::uint32_t>(0) +
         little<std::uint32_t>(54 + palette) + little<std::uint32_t>(40) +
         little(width) + little(height) + little<std::uint16_t>(1) +
         little(bits) + little(compression) + std::string(12, '\0') +
         little(colours) + std::string(4, '\0') + std::string(rest);
}

constexpr auto two_colours = "\x01\x02\x03\0\x04\x05\x06\0"sv;

TEST(Bmp, RunLengthsFillRowsFromTheBottom) {
  // Four ones, end of line, three ones, end of line.
  const auto runs = "\x04\x01\0\0\x03\x01\0\0"sv;
  const auto image =
      decode(bmp(4, 2, 8, 1, 2, std::string(two_colours) + std::string(runs)));
  EXPECT_EQ(image.mode(), Mode::p);
  EXPECT_EQ(pixels_of(image), "\1\1\1\0\1\1\1\1"sv);
}

TEST(Bmp, RunLengthsThatEndEarlyAreRefused) {
  const auto runs = "\x04\x01\0\0\x03\x01\0\x01"sv;
  EXPECT_THROW(
      decode(bmp(4, 2, 8, 1, 2, std::string(two_colours) + std::string(runs))),
      Error);
}

TEST(Bmp, ReadsPixelsOfSixteenBits) {
  const auto image = decode(bmp(2, 1, 16, 0, 0, "\x1F\0\0\x7C"sv));
  EXPECT_EQ(pixels_of(image), "\0\0\xFF\xFF\0\0"sv);
}

TEST(Bmp, BlackAndWhitePaletteMeansBilevel) {
  const auto image =
      decode(bmp(3, 1, 1, 0, 2, "\0\0\0\0\xFF\xFF\xFF\0\xA0\0\0\0"sv));
  EXPECT_EQ(image.mode(), Mode::bilevel);
  EXPECT_EQ(pixels_of(image), "\xA0"sv);
}

TEST(Bmp, RefusesOtherCompressions) {
  EXPECT_THROW(decode(bmp(1, 1, 24, 4, 0, "\0\0\0\0"sv)), Error);
}

TEST(Pnm, PlainNumbersAreScaledAndCommentsDropped) {
  const auto image = decode("P2 # gray\n2 2\n15\n0 15 # half\n 5 10\n");
  EXPECT_EQ(image.mode(), Mode::l);
  EXPECT_EQ(pixels_of(image), "\0\xFF\x55\xAA"sv);
}

TEST(Pnm, PlainBitsNeedNoSpaces) {
  const auto image = decode("P1\n3 2\n101\n0 1 0");
  EXPECT_EQ(image.mode(), Mode::bilevel);
  EXPECT_EQ(pixels_of(image), "\x40\xA0"sv);
}

TEST(Pnm, SixteenBitsBecomeIntegers) {
  const auto image = decode("P5 1 1 65535\n\x01\x02"sv);
  EXPECT_EQ(image.mode(), Mode::i);
  EXPECT_EQ(pixels_of(image), little(0x0102));
}

TEST(Pnm, OfShortColoursIsRefused) {
  EXPECT_THROW(decode("P6 2 1 255\n\1\2\3\4\5"sv), Error);
}

TEST(Pnm, RefusesNumbersOverTheMaximum) {
  EXPECT_THROW(decode("P2 1 1 9\n10\n"), Error);
  EXPECT_THROW(decode("P2 1 1 70000\n1\n"), Error);
}

// Codes of three bits, least significant first: clear, 0, 1, end.
constexpr auto gif_frame = "\x02\x02\x44\x0A\0;"sv;

TEST(Gif, FirstFrameSmallerThanTheScreenLiesOnIndexZero) {
  const auto file = "GIF89a\x03\0\x01\0\x80\0\0"s + "\1\1\1\2\2\2" +
                    ",\1\0\0\0\2\0\1\0\0"s.substr(0, 10) +
                    std::string(gif_frame);
  const auto image = decode(file);
  EXPECT_EQ(image.mode(), Mode::p);
  EXPECT_EQ(pixels_of(image), "\0\0\1"sv);
}

TEST(Gif, IdentityPaletteMeansGray) {
  const auto file = "GIF89a\2\0\1\0\x80\0\0"s + "\0\0\0\1\1\1"s +
                    ",\0\0\0\0\2\0\1\0\0"s + std::string(gif_frame);
  EXPECT_EQ(decode(file).mode(), Mode::l);
}

/// A gray TIFF of one strip, little-endian: entries are tag, type, value.
std::string tiff(std::initializer_list<std::array<std::uint32_t, 3>> entries,
                 std::string_view strip) {
  std::string file = "II*\0"s + little<std::uint32_t>(8) +
                     little(static_cast<std::uint16_t>(entries.size()));
  for (const auto& [tag, type, value] : entries)
    file += little(static_cast<std::uint16_t>(tag)) +
            little(static_cast<std::uint16_t>(type)) +
            little<std::uint32_t>(1) + little(value);
  return file + little<std::uint32_t>(0) + std::string(strip);
}

std::string gray_tiff(std::uint32_t photometric, std::uint32_t orientation) {
  constexpr std::uint32_t offset = 8 + 2 + 7 * 12 + 4;
  return tiff({{256, 3, 2},
               {257, 3, 1},
               {258, 3, 8},
               {259, 3, 1},
               {262, 3, photometric},
               {273, 4, offset},
               {274, 3, orientation}},
              "\x10\x20");
}

TEST(Tiff, WhiteMayBeZero) {
  EXPECT_EQ(pixels_of(decode(gray_tiff(1, 1))), "\x10\x20");
  EXPECT_EQ(pixels_of(decode(gray_tiff(0, 1))), "\xEF\xDF");
}

TEST(Tiff, IsTurnedUprightWithoutBeingAsked) {
  EXPECT_EQ(pixels_of(decode(gray_tiff(1, 2))), "\x20\x10");
  EXPECT_EQ(decode(gray_tiff(1, 6)).height(), 2U);
}

TEST(Tiff, RefusesDirectoriesOutsideTheFile) {
  EXPECT_THROW(decode("II*\0\xFF\xFF\0\0"sv), Error);
  EXPECT_THROW(decode("II*\0\0\0\0\0"sv), Error);
}

TEST(ExifBlock, OfDamagedBytesSaysUpright) {
  const auto orientation = [](std::string_view block) {
    return exif_orientation(as_bytes(block));
  };
  const auto block =
      "Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0"sv;
  EXPECT_EQ(orientation(block), 6);
  for (std::size_t size = 0; size < block.size(); ++size)
    EXPECT_EQ(orientation(block.substr(0, size)), 1) << size;
}

// 1 2 3   The eight ways a camera may have stored a picture, undone by hand
// 4 5 6   from EXIF's table of where row 0 and column 0 belong.
TEST(Turning, FollowsTheEightOrientations) {
  constexpr std::array<std::string_view, 8> expected{
      "123456", "321654", "654321", "456123",
      "142536", "415263", "635241", "362514"};
  ImageParts parts;
  parts.mode = Mode::l;
  parts.width = 3;
  parts.height = 2;
  for (const char c : "123456"sv) parts.pixels.push_back(std::byte(c));
  const Image image(std::move(parts));
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const auto upright = turned(image, orientation);
    EXPECT_EQ(pixels_of(upright),
              expected[static_cast<std::size_t>(orientation - 1)]);
    EXPECT_EQ(upright.width(), orientation < 5 ? 3U : 2U);
  }
}

}  // namespace
}  // namespace igrot
