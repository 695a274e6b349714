// Camera RAW, built here by the layouts of TIFF/EP, DNG 1.4 and the makers'
// own signatures. The sensor's data are left out: igrot does not read them.
#include <gtest/gtest.h>

#include "tests/image/damaged.h"
#include "tests/image/drawing.h"

namespace igrot {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

template <class... Numbers>
std::string little(Numbers... numbers) {
  std::string bytes;
  ((bytes.append(reinterpret_cast<const char*>(&numbers), sizeof numbers)),
   ...);
  return bytes;
}

std::string big(std::uint32_t number) {
  auto bytes = little(number);
  std::ranges::reverse(bytes);
  return bytes;
}

struct Tag {
  std::uint16_t number;
  std::uint16_t type;  // 3: 16 bits, 4: 32 bits, 7: bytes
  std::uint32_t count;
  std::uint32_t value;
};

Tag number(std::uint16_t tag, std::size_t value) {
  return {tag, 4, 1, static_cast<std::uint32_t>(value)};
}

constexpr std::uint16_t compression = 259;
constexpr std::uint16_t photometric = 262;
constexpr std::uint16_t strip_offset = 273;
constexpr std::uint16_t orientation = 274;
constexpr std::uint16_t strip_bytes = 279;
constexpr std::uint16_t sub_directory = 330;
constexpr std::uint16_t jpeg_offset = 513;
constexpr std::uint16_t jpeg_bytes = 514;
constexpr Tag dng_version{50706, 1, 4, 0x0401};
constexpr std::size_t filter_array = 32803;

std::string directory(const std::vector<Tag>& tags, std::uint32_t next = 0) {
  auto bytes = little(static_cast<std::uint16_t>(tags.size()));
  for (const auto& tag : tags)
    bytes += little(tag.number, tag.type, tag.count, tag.value);
  return bytes + little(next);
}

/// Parts at fixed places.
struct File {
  std::string bytes;

  File& put(std::size_t offset, const std::string& part) {
    bytes.resize(std::max(bytes.size(), offset + part.size()));
    bytes.replace(offset, part.size(), part);
    return *this;
  }
  Image open(const OpenOptions& options = {}) const {
    return Image::decode(as_bytes(bytes), options);
  }
};

Image scene(std::size_t width) {
  return two_halves({250, 10, 10}, {10, 10, 250}, width, width / 2);
}

std::string jpeg(std::size_t width) {
  const auto file = encode_jpeg(scene(width), 95);
  return std::string(as_text(file));
}

constexpr std::size_t small_at = 1000;
constexpr std::size_t large_at = 5000;

/// As Nikon's: a small preview first, inside it a large one and the sensor.
File nested(std::uint32_t turn = 1) {
  const auto small = jpeg(64);
  const auto large = jpeg(160);
  // Two sub-directories: their places lie outside of the entry.
  return File{}
      .put(0, "II*\0"s + little(std::uint32_t{8}))
      .put(8, directory({number(jpeg_offset, small_at),
                         number(jpeg_bytes, small.size()),
                         number(orientation, turn),
                         {sub_directory, 4, 2, 200}}))
      .put(200, little(std::uint32_t{300}, std::uint32_t{400}))
      .put(300, directory({number(jpeg_offset, large_at),
                           number(jpeg_bytes, large.size())}))
      .put(400, directory({number(photometric, filter_array),
                           number(strip_offset, small_at),
                           number(strip_bytes, small.size())}))
      .put(small_at, small)
      .put(large_at, large);
}

TEST(Raw, ShowsTheLargestPreview) {
  const auto image = nested().open();
  EXPECT_EQ(image.format(), "RAW");
  EXPECT_EQ(image.width(), 160U);
  EXPECT_EQ(image.height(), 80U);
  const auto read = Image::decode(as_bytes(jpeg(160)));
  EXPECT_EQ(distance(image, read), 0);
}

TEST(Raw, IsTurnedLikeAJpegOnlyWhenAsked) {
  EXPECT_EQ(nested(6).open().width(), 160U);
  const auto upright = nested(3).open({.exif = Exif::rotate});
  ASSERT_EQ(upright.width(), 160U);
  // Upside down: the blue half comes first.
  EXPECT_LT(static_cast<int>(upright.row(9)[0]), 30);
  EXPECT_GT(static_cast<int>(upright.row(9)[2]), 230);
  EXPECT_EQ(nested(6).open({.exif = Exif::rotate}).width(), 80U);
}

TEST(Raw, PreviewMayBeAStripOrLieInALaterDirectory) {
  const auto large = jpeg(160);
  const auto canon =
      File{}
          .put(0, "II*\0\x10\0\0\0CR\2\0"s)
          .put(16, directory({number(compression, 6),
                              number(strip_offset, large_at),
                              number(strip_bytes, large.size())}))
          .put(large_at, large);
  EXPECT_EQ(canon.open().width(), 160U);
  const auto adobe =
      File{}
          .put(0, "II*\0"s + little(std::uint32_t{8}))
          .put(8,
               directory({dng_version, number(photometric, filter_array)}, 300))
          .put(300, directory({number(compression, 7), number(photometric, 6),
                               number(strip_offset, large_at),
                               number(strip_bytes, large.size())}))
          .put(large_at, large);
  EXPECT_EQ(adobe.open().format(), "RAW");
  EXPECT_EQ(adobe.open().width(), 160U);
}

TEST(Raw, PreviewsOfMakersOwnLayoutsAreFound) {
  const auto large = jpeg(160);
  const auto fujifilm =
      File{}
          .put(0, "FUJIFILMCCD-RAW 0201")
          .put(84,
               big(large_at) + big(static_cast<std::uint32_t>(large.size())))
          .put(large_at, large);
  EXPECT_EQ(fujifilm.open().width(), 160U);
  const auto panasonic =
      File{}
          .put(0, "IIU\0"s + little(std::uint32_t{24}))
          .put(24, directory({{46, 7, static_cast<std::uint32_t>(large.size()),
                               large_at}}))
          .put(large_at, large);
  EXPECT_EQ(panasonic.open().format(), "RAW");
  EXPECT_EQ(panasonic.open().width(), 160U);
}

TEST(Raw, WithoutAPreviewIsRefused) {
  const auto bare =
      File{}
          .put(0, "II*\0"s + little(std::uint32_t{8}))
          .put(8, directory({dng_version, number(photometric, filter_array)}));
  EXPECT_EQ(refusal(as_bytes(bare.bytes)), ErrorKind::unsupported);
  for (const auto start : {"FOVb"sv,
                           "\0\0\0\x18"sv
                           "ftypcrx \0\0\0\1"sv})
    EXPECT_EQ(refusal(as_bytes(start)), ErrorKind::unsupported);
  EXPECT_EQ(refusal(as_bytes("FUJIFILMCCD-RAW 0201")), ErrorKind::corrupt);
}

TEST(Raw, DirectoriesInACircleAreReadOnce) {
  const auto circle =
      File{}
          .put(0, "II*\0"s + little(std::uint32_t{8}))
          .put(8, directory({dng_version, number(sub_directory, 8)}, 8));
  EXPECT_EQ(refusal(as_bytes(circle.bytes)), ErrorKind::unsupported);
}

TEST(Raw, OverTheLimitIsRefused) {
  EXPECT_EQ(refusal(as_bytes(nested().bytes), {.pixel_limit = 160 * 80 - 1}),
            ErrorKind::unsupported);
}

TEST(Raw, CutInsideItsPreviewIsRefused) {
  const auto sound = nested();
  EXPECT_EQ(refusal(as_bytes(sound.bytes).first(sound.bytes.size() - 9)),
            ErrorKind::corrupt);
}

TEST(Raw, DamagedIsAPictureOrAnError) {
  const auto sound = nested();
  const auto file = as_bytes(sound.bytes);
  EXPECT_GT(refused_when_flipped({file.begin(), file.end()}, 500), 5U);
}

}  // namespace
}  // namespace igrot
