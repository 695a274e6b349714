// Colour profiles, made by Little CMS: what they do to colours is known by
// formula. tests/image/icc_peer.py compares with PIL.
#include <gtest/gtest.h>
#include <lcms2.h>
#include <zlib.h>

#include <cmath>
#include <memory>

#include "tests/image/drawing.h"

namespace igrot {
namespace {

using Profile = std::unique_ptr<void, decltype(&cmsCloseProfile)>;
using Curve = std::unique_ptr<cmsToneCurve, void (*)(cmsToneCurve*)>;

constexpr cmsCIExyY d65{0.3127, 0.3290, 1};
constexpr OpenOptions apply{.icc = Icc::apply};

std::string saved(const Profile& profile) {
  cmsUInt32Number size = 0;
  cmsSaveProfileToMem(profile.get(), nullptr, &size);
  std::string bytes(size, '\0');
  cmsSaveProfileToMem(profile.get(), bytes.data(), &size);
  return bytes;
}

/// sRGB's colours, but numbers that are proportional to light.
std::string linear_rgb() {
  constexpr cmsCIExyYTRIPLE primaries{
      {0.64, 0.33, 1}, {0.30, 0.60, 1}, {0.15, 0.06, 1}};
  const Curve line(cmsBuildGamma(nullptr, 1), cmsFreeToneCurve);
  std::array curves{line.get(), line.get(), line.get()};
  return saved(Profile(cmsCreateRGBProfile(&d65, &primaries, curves.data()),
                       cmsCloseProfile));
}

std::string gray_of(double exponent) {
  const Curve curve(cmsBuildGamma(nullptr, exponent), cmsFreeToneCurve);
  return saved(Profile(cmsCreateGrayProfile(cmsD50_xyY(), curve.get()),
                       cmsCloseProfile));
}

/// sRGB's number for the share of light that a number to the power of
/// `exponent` stands for (IEC 61966-2-1).
int srgb_of(std::byte stored, double exponent = 1) {
  const auto light = std::pow(static_cast<double>(stored) / 255, exponent);
  const double number = light <= 0.0031308
                            ? 12.92 * light
                            : 1.055 * std::pow(light, 1 / 2.4) - 0.055;
  return static_cast<int>(std::lround(255 * number));
}

std::string big(std::size_t number) {
  std::string bytes;
  for (const int shift : {24, 16, 8, 0})
    bytes += static_cast<char>(number >> shift & 255);
  return bytes;
}

std::vector<std::byte> with_inserted(std::vector<std::byte> file,
                                     std::size_t at, std::string_view part) {
  const auto bytes = as_bytes(part);
  file.insert(file.begin() + static_cast<std::ptrdiff_t>(at), bytes.begin(),
              bytes.end());
  return file;
}

/// A PNG with that profile in an iCCP chunk behind its header.
std::vector<std::byte> png_with(const Image& image, std::string_view profile) {
  std::string packed(compressBound(profile.size()), '\0');
  uLongf size = packed.size();
  compress(reinterpret_cast<Bytef*>(packed.data()), &size,
           reinterpret_cast<const Bytef*>(profile.data()), profile.size());
  const auto body = "iCCP" + std::string("p\0\0", 3) + packed.substr(0, size);
  const auto sum =
      crc32_z(0, reinterpret_cast<const Bytef*>(body.data()), body.size());
  constexpr std::size_t behind_header = 33;
  return with_inserted(encode_png(image), behind_header,
                       big(body.size() - 4) + body + big(sum));
}

/// One APP2 marker.
std::string jpeg_piece(int number, int count, std::string_view part) {
  std::string body = std::string("ICC_PROFILE\0", 12) +
                     static_cast<char>(number) + static_cast<char>(count);
  body += part;
  return "\xFF\xE2" + big(body.size() + 2).substr(2) + body;
}

TEST(Icc, BringsLinearColoursToSrgb) {
  const auto image = drawing(Mode::rgb, 40, 30);
  const auto found = Image::decode(png_with(image, linear_rgb()), apply);
  ASSERT_EQ(found.mode(), Mode::rgb);
  for (std::size_t i = 0; i < image.pixels().size(); ++i)
    EXPECT_NEAR(static_cast<int>(found.pixels()[i]), srgb_of(image.pixels()[i]),
                1);
}

TEST(Icc, MakesGrayRgbAndKeepsItGray) {
  const auto image = drawing(Mode::l, 16, 16);
  const auto found = Image::decode(png_with(image, gray_of(1.8)), apply);
  ASSERT_EQ(found.mode(), Mode::rgb);
  for (std::size_t i = 0; i < image.pixels().size(); ++i)
    for (std::size_t c = 0; c < 3; ++c)
      EXPECT_NEAR(static_cast<int>(found.pixels()[3 * i + c]),
                  srgb_of(image.pixels()[i], 1.8), 2);
}

TEST(Icc, LeavesAlphaAlone) {
  for (const auto mode : {Mode::la, Mode::rgba}) {
    const auto image = drawing(mode, 16, 16);
    const auto file =
        png_with(image, mode == Mode::la ? gray_of(1.8) : linear_rgb());
    const auto found = Image::decode(file, apply);
    ASSERT_EQ(found.mode(), Mode::rgba);
    const auto step = describe(mode).bytes_per_pixel;
    for (std::size_t i = 0; i < 256; ++i)
      EXPECT_EQ(found.pixels()[4 * i + 3], image.pixels()[step * (i + 1) - 1]);
  }
}

TEST(Icc, IsIgnoredUnlessAskedFor) {
  const auto image = drawing(Mode::rgb, 16, 16);
  EXPECT_EQ(distance(Image::decode(png_with(image, linear_rgb())), image), 0);
  EXPECT_EQ(distance(Image::decode(png_with(image, "no profile")), image), 0);
  EXPECT_EQ(distance(Image::decode(encode_png(image), apply), image), 0);
}

TEST(Icc, IsIgnoredWhereItIsForOtherColours) {
  const auto gray = drawing(Mode::l, 16, 16);
  EXPECT_EQ(distance(Image::decode(png_with(gray, linear_rgb()), apply), gray),
            0);
  const auto rgb = drawing(Mode::rgb, 16, 16);
  EXPECT_EQ(distance(Image::decode(png_with(rgb, gray_of(1.8)), apply), rgb),
            0);
}

TEST(Icc, RefusesWhatIsNoProfile) {
  const auto image = drawing(Mode::rgb, 16, 16);
  const auto profile = linear_rgb();
  for (const auto& damaged : {std::string("no profile"), profile.substr(0, 100),
                              profile.substr(0, profile.size() / 2)})
    EXPECT_EQ(refusal(png_with(image, damaged), apply), ErrorKind::corrupt);
}

TEST(Icc, IsJoinedFromThePiecesOfAJpeg) {
  const auto file = encode_jpeg(drawing(Mode::rgb, 16, 16), 90);
  const auto profile = linear_rgb();
  const auto first = jpeg_piece(1, 2, profile.substr(0, 200));
  const auto second = jpeg_piece(2, 2, profile.substr(200));
  const auto whole =
      Image::decode(with_inserted(file, 2, jpeg_piece(1, 1, profile)), apply);
  const auto plain = Image::decode(file);
  EXPECT_GT(distance(whole, plain), 20);
  EXPECT_EQ(
      distance(Image::decode(with_inserted(file, 2, second + first), apply),
               whole),
      0);
  EXPECT_EQ(
      distance(Image::decode(with_inserted(file, 2, first), apply), plain), 0);
}

}  // namespace
}  // namespace igrot
