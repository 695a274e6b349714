#include "igrot/image.h"

#include <gmock/gmock.h>

#include "igrot/error.h"
#include "tests/image/golden.h"
#include "tests/temporary_folder.h"

namespace igrot {
namespace {

using testing::HasSubstr;

template <class... Numbers>
std::vector<std::byte> bytes(Numbers... numbers) {
  return {static_cast<std::byte>(numbers)...};
}

Image picture(Mode mode, std::size_t width, std::size_t height,
              std::vector<std::byte> pixels) {
  ImageParts parts;
  parts.mode = mode;
  parts.width = width;
  parts.height = height;
  parts.pixels = std::move(pixels);
  return Image(std::move(parts));
}

std::vector<std::byte> copy(std::span<const std::byte> pixels) {
  return {pixels.begin(), pixels.end()};
}

template <class Body>
ErrorKind kind_of(Body body) {
  try {
    body();
  } catch (const Error& error) {
    return error.kind();
  }
  ADD_FAILURE() << "nothing was thrown";
  return ErrorKind::io;
}

TEST(Image, MustBeFilledByItsPixels) {
  EXPECT_EQ(kind_of([] { picture(Mode::rgb, 2, 1, bytes(1, 2, 3)); }),
            ErrorKind::usage);
  EXPECT_EQ(kind_of([] { picture(Mode::l, 0, 1, {}); }), ErrorKind::usage);
}

TEST(Image, IsNotFoundWhereThereIsNoFile) {
  EXPECT_EQ(kind_of([] { Image::open("/nowhere/a.jpg"); }),
            ErrorKind::not_found);
}

TEST(Image, OverThePixelLimitIsRefusedBeforeItIsDecoded) {
  const OpenOptions options{.pixel_limit = 100};
  for (const char* name :
       {"jpeg_420.jpg", "png_rgb8.png", "gif_palette.gif", "bmp_rgb24.bmp",
        "tiff_rgba.tif", "webp_lossy.webp", "ppm_rgb.ppm"}) {
    SCOPED_TRACE(name);
    try {
      Image::open(golden(std::string("sources/") + name), options);
      ADD_FAILURE();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::unsupported);
      EXPECT_THAT(error.what(), HasSubstr("limit of 100"));
    }
  }
}

TEST(Image, OverTheLimitOfMemoryIsRefusedByWhatItsModeTakes) {
  const auto file =
      encode_png(picture(Mode::rgba, 2, 1, std::vector(8, std::byte{})));
  const auto decode = [&](std::uint64_t limit) {
    Image::decode(file, {.pixel_bytes_limit = limit});
  };
  EXPECT_EQ(kind_of([&] { decode(7); }), ErrorKind::unsupported);
  EXPECT_NO_THROW(decode(8));
}

TEST(Image, OverTheFileLimitIsRefused) {
  EXPECT_EQ(kind_of([] {
              Image::open(golden("sources/jpeg_420.jpg"),
                          {.file_limit_bytes = 10});
            }),
            ErrorKind::unsupported);
}

TEST(ToRgb, DropsAlphaAndShowsHiddenColours) {
  const auto image = picture(Mode::rgba, 1, 1, bytes(10, 20, 30, 0));
  EXPECT_EQ(copy(image.to_rgb().pixels()), bytes(10, 20, 30));
}

TEST(ToRgb, LaysPicturesOnWhite) {
  const auto image = picture(Mode::rgba, 3, 1,
                             bytes(10, 20, 30, 0, 0, 0, 0, 128, 1, 2, 3, 255));
  EXPECT_TRUE(image.has_transparency());
  EXPECT_EQ(copy(image.to_rgb(Alpha::white).pixels()),
            bytes(255, 255, 255, 127, 127, 127, 1, 2, 3));
}

TEST(ToRgb, LaysTransparentPaletteEntriesOnWhite) {
  ImageParts parts;
  parts.mode = Mode::p;
  parts.width = 2;
  parts.height = 1;
  parts.pixels = bytes(0, 1);
  parts.palette.emplace();
  parts.palette->alphas[0] = 0;
  const Image image(std::move(parts));
  EXPECT_EQ(copy(image.to_rgb().pixels()), bytes(0, 0, 0, 1, 1, 1));
  EXPECT_EQ(copy(image.to_rgb(Alpha::white).pixels()),
            bytes(255, 255, 255, 1, 1, 1));
}

TEST(ToRgb, LaysATransparentColourOnWhite) {
  ImageParts parts;
  parts.mode = Mode::l;
  parts.width = 2;
  parts.height = 1;
  parts.pixels = bytes(7, 8);
  parts.transparent = {7, 0, 0};
  const Image image(std::move(parts));
  EXPECT_EQ(copy(image.to_rgb(Alpha::white).pixels()),
            bytes(255, 255, 255, 8, 8, 8));
}

TEST(ToRgb, KnowsTransparencyOfFilesThatPilIgnores) {
  for (const char* name : {"png_p8_trns.png", "png_l8_trns.png",
                           "png_rgb8_trns.png", "gif_transparent.gif"}) {
    SCOPED_TRACE(name);
    const auto image = Image::open(golden(std::string("sources/") + name));
    EXPECT_TRUE(image.has_transparency());
    EXPECT_NE(copy(image.to_rgb().pixels()),
              copy(image.to_rgb(Alpha::white).pixels()));
  }
}

TEST(ToRgb, CutsHighNumbersOff) {
  EXPECT_EQ(
      copy(picture(Mode::i16b, 2, 1, bytes(0, 9, 1, 0)).to_rgb().pixels()),
      bytes(9, 9, 9, 255, 255, 255));
}

// The files show the same scene, stored turned and marked so.
TEST(Exif, TurnsPicturesUprightWhenAsked) {
  const OpenOptions rotate{.exif = Exif::rotate};
  const auto upright =
      Image::open(golden("sources/jpeg_exif_orientation_1.jpg"), rotate);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    SCOPED_TRACE(orientation);
    const auto path = golden("sources/jpeg_exif_orientation_" +
                             std::to_string(orientation) + ".jpg");
    const auto stored = Image::open(path);
    const auto turned = Image::open(path, rotate);
    const bool swaps = orientation >= 5;
    EXPECT_EQ(turned.width(), swaps ? stored.height() : stored.width());
    EXPECT_EQ(turned.height(), swaps ? stored.width() : stored.height());
    EXPECT_EQ(copy(turned.pixels()) == copy(stored.pixels()), orientation == 1);
  }
}

TEST(FastDecoding, HalvesAJpegOnlyWhileItStaysLargeEnough) {
  const auto path = golden("sources/jpeg_photo_like_800x600.jpg");
  const auto open = [&](std::size_t side) {
    return Image::open(path, {.decode = Decode::fast, .fast_side = side});
  };
  EXPECT_EQ(open(601).width(), 800U);
  EXPECT_EQ(open(300).width(), 400U);
  EXPECT_EQ(open(100).width(), 200U);
}

TEST(Encoding, PngBringsEveryPixelBack) {
  for (const auto mode : {Mode::l, Mode::la, Mode::rgb, Mode::rgba}) {
    const auto size = 5 * 3 * describe(mode).bytes_per_pixel;
    std::vector<std::byte> pixels(size);
    for (std::size_t i = 0; i < size; ++i)
      pixels[i] = static_cast<std::byte>(i * 37);
    const auto image = picture(mode, 5, 3, pixels);
    const auto back = Image::decode(encode_png(image));
    EXPECT_EQ(back.mode(), mode);
    EXPECT_EQ(copy(back.pixels()), pixels);
  }
}

TEST(Encoding, JpegKeepsFlatColours) {
  const auto image = picture(Mode::rgb, 16, 16,
                             std::vector<std::byte>(3 * 256, std::byte{100}));
  const auto back = Image::decode(encode_jpeg(image, 90));
  EXPECT_EQ(back.format(), "JPEG");
  EXPECT_EQ(copy(back.pixels()), copy(image.pixels()));
}

TEST(Encoding, RefusesOtherModesAndQualities) {
  const auto cmyk = picture(Mode::cmyk, 1, 1, bytes(0, 0, 0, 0));
  EXPECT_EQ(kind_of([&] { encode_png(cmyk); }), ErrorKind::usage);
  EXPECT_EQ(kind_of([&] { encode_jpeg(cmyk, 90); }), ErrorKind::usage);
  EXPECT_EQ(kind_of([&] { encode_jpeg(cmyk.to_rgb(), 0); }), ErrorKind::usage);
}

TEST(Encoding, WritesFiles) {
  const TemporaryFolder folder;
  write_png(folder / "a.png", picture(Mode::l, 1, 1, bytes(5)));
  EXPECT_EQ(copy(Image::open(folder / "a.png").pixels()), bytes(5));
}

}  // namespace
}  // namespace igrot
