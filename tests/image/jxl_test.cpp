// JPEG XL, written by libjxl's own encoder.
#include <gtest/gtest.h>
#include <jxl/encode.h>

#include <memory>

#include "tests/image/damaged.h"
#include "tests/image/drawing.h"

namespace igrot {
namespace {

struct Settings {
  bool lossless = true;
  bool in_boxes = false;
  JxlOrientation orientation = JXL_ORIENT_IDENTITY;
};

using Encoder = std::unique_ptr<JxlEncoder, void (*)(JxlEncoder*)>;

void must(JxlEncoderStatus status) {
  ASSERT_EQ(status, JXL_ENC_SUCCESS);
}

JxlBasicInfo info_of(const Image& image, const Settings& settings) {
  const auto channels = describe(image.mode()).bytes_per_pixel;
  JxlBasicInfo info;
  JxlEncoderInitBasicInfo(&info);
  info.xsize = static_cast<std::uint32_t>(image.width());
  info.ysize = static_cast<std::uint32_t>(image.height());
  info.bits_per_sample = 8;
  info.num_color_channels = channels < 3 ? 1 : 3;
  info.num_extra_channels = channels % 2 == 0 ? 1 : 0;
  info.alpha_bits = 8 * info.num_extra_channels;
  info.uses_original_profile = settings.lossless;
  info.orientation = settings.orientation;
  return info;
}

std::vector<std::byte> written(JxlEncoder* encoder) {
  std::vector<std::byte> file(1 << 20);
  auto* next = reinterpret_cast<std::uint8_t*>(file.data());
  auto left = file.size();
  must(JxlEncoderProcessOutput(encoder, &next, &left));
  file.resize(file.size() - left);
  return file;
}

std::vector<std::byte> encoded(const Image& image,
                               const Settings& settings = {}) {
  const Encoder encoder(JxlEncoderCreate(nullptr), JxlEncoderDestroy);
  must(JxlEncoderUseContainer(encoder.get(), settings.in_boxes));
  const auto info = info_of(image, settings);
  must(JxlEncoderSetBasicInfo(encoder.get(), &info));
  JxlColorEncoding colours;
  JxlColorEncodingSetToSRGB(&colours, info.num_color_channels == 1);
  must(JxlEncoderSetColorEncoding(encoder.get(), &colours));
  auto* frame = JxlEncoderFrameSettingsCreate(encoder.get(), nullptr);
  must(JxlEncoderSetFrameLossless(frame, settings.lossless));
  const JxlPixelFormat format{
      static_cast<std::uint32_t>(describe(image.mode()).bytes_per_pixel),
      JXL_TYPE_UINT8, JXL_NATIVE_ENDIAN, 0};
  must(JxlEncoderAddImageFrame(frame, &format, image.pixels().data(),
                               image.pixels().size()));
  JxlEncoderCloseInput(encoder.get());
  return written(encoder.get());
}

TEST(Jxl, WrittenWithoutLossGivesItsPixelsBack) {
  for (const auto mode : {Mode::l, Mode::la, Mode::rgb, Mode::rgba})
    for (const bool in_boxes : {false, true}) {
      const auto image = drawing(mode, 40, 30);
      const auto read = Image::decode(encoded(image, {.in_boxes = in_boxes}));
      EXPECT_EQ(read.format(), "JXL");
      EXPECT_EQ(distance(read, image), 0) << describe(mode).name;
    }
}

TEST(Jxl, WrittenAsUsualLooksTheSame) {
  const auto image = two_halves({200, 40, 90}, {20, 160, 230}, 64, 48);
  const auto read = Image::decode(encoded(image, {.lossless = false}));
  EXPECT_EQ(read.mode(), Mode::rgb);
  EXPECT_LT(distance(read, image), 24);
}

TEST(Jxl, IsTurnedUpright) {
  const auto image = drawing(Mode::rgb, 40, 30);
  const auto read =
      Image::decode(encoded(image, {.orientation = JXL_ORIENT_ROTATE_90_CW}));
  ASSERT_EQ(read.width(), 30U);
  ASSERT_EQ(read.height(), 40U);
  // A quarter turn clockwise: the first row is shown as the last column.
  for (std::size_t x = 0; x < 40; ++x)
    for (std::size_t c = 0; c < 3; ++c)
      EXPECT_EQ(read.row(x)[3 * 29 + c], image.row(0)[3 * x + c]);
}

TEST(Jxl, OverTheLimitIsRefused) {
  const auto file = encoded(drawing(Mode::rgb, 40, 30));
  EXPECT_EQ(refusal(file, {.pixel_limit = 1199}), ErrorKind::unsupported);
  EXPECT_EQ(refusal(file, {.pixel_limit = 1200}), std::nullopt);
}

TEST(Jxl, CutShortIsRefused) {
  const auto file = encoded(drawing(Mode::rgb, 40, 30));
  for (std::size_t size = 2; size < file.size(); size += 37)
    EXPECT_EQ(refusal(Bytes(file).first(size)), ErrorKind::corrupt) << size;
}

TEST(Jxl, DamagedIsAPictureOrAnError) {
  EXPECT_GT(refused_when_flipped(encoded(drawing(Mode::rgb, 40, 30)), 40), 20U);
  EXPECT_GT(refused_when_flipped(
                encoded(drawing(Mode::rgb, 40, 30), {.lossless = false}), 40),
            20U);
}

}  // namespace
}  // namespace igrot
