// HEIC and AVIF, written by libheif's own encoders.
#include <gtest/gtest.h>
#include <libheif/heif.h>

#include <memory>

#include "tests/image/damaged.h"
#include "tests/image/drawing.h"

/// Read by the leak sanitizer: x265 keeps some memory of every encoder.
extern "C" const char* __lsan_default_suppressions() {
  return "leak:x265_malloc";
}

namespace igrot {
namespace {

struct Codec {
  heif_compression_format format;
  std::string_view name;
};

struct Settings {
  heif_orientation orientation = heif_orientation_normal;
  bool lossless = true;
};

void must(const heif_error& error) {
  ASSERT_EQ(error.code, heif_error_Ok) << error.message;
}

heif_error append(heif_context*, const void* data, std::size_t size,
                  void* file) {
  const auto* bytes = static_cast<const std::byte*>(data);
  auto& out = *static_cast<std::vector<std::byte>*>(file);
  out.insert(out.end(), bytes, bytes + size);
  return {heif_error_Ok, heif_suberror_Unspecified, "ok"};
}

using HeifImage = std::unique_ptr<heif_image, void (*)(const heif_image*)>;
using HeifContext = std::unique_ptr<heif_context, void (*)(heif_context*)>;
using HeifEncoder = std::unique_ptr<heif_encoder, void (*)(heif_encoder*)>;

HeifImage to_heif(const Image& image) {
  const auto width = static_cast<int>(image.width());
  const auto height = static_cast<int>(image.height());
  heif_image* made = nullptr;
  must(heif_image_create(width, height, heif_colorspace_RGB,
                         image.mode() == Mode::rgba
                             ? heif_chroma_interleaved_RGBA
                             : heif_chroma_interleaved_RGB,
                         &made));
  must(heif_image_add_plane(made, heif_channel_interleaved, width, height, 8));
  int stride = 0;
  auto* plane = heif_image_get_plane(made, heif_channel_interleaved, &stride);
  for (std::size_t y = 0; y < image.height(); ++y)
    std::memcpy(plane + y * static_cast<std::size_t>(stride),
                image.row(y).data(), image.row(y).size());
  return {made, heif_image_release};
}

void add(heif_context* context, const Image& image, heif_encoder* encoder,
         const Settings& settings) {
  const auto picture = to_heif(image);
  const std::unique_ptr<heif_encoding_options, void (*)(heif_encoding_options*)>
      options(heif_encoding_options_alloc(), heif_encoding_options_free);
  if (settings.lossless) {
    must(heif_encoder_set_lossless(encoder, 1));
    must(heif_encoder_set_parameter(encoder, "chroma", "444"));
  }
  options->image_orientation = settings.orientation;
  must(heif_context_encode_image(context, picture.get(), encoder, options.get(),
                                 nullptr));
}

/// Empty where this libheif cannot write the format.
std::vector<std::byte> encoded(const Image& image, const Codec& codec,
                               const Settings& settings = {}) {
  const HeifContext context(heif_context_alloc(), heif_context_free);
  heif_encoder* made = nullptr;
  if (heif_context_get_encoder_for_format(context.get(), codec.format, &made)
          .code != heif_error_Ok)
    return {};
  const HeifEncoder encoder(made, heif_encoder_release);
  add(context.get(), image, encoder.get(), settings);
  std::vector<std::byte> file;
  heif_writer writer{1, append};
  must(heif_context_write(context.get(), &writer, &file));
  return file;
}

class HeifFiles : public testing::TestWithParam<Codec> {
 protected:
  void SetUp() override {
    if (encoded(drawing(Mode::rgb, 64, 48), GetParam()).empty())
      GTEST_SKIP() << "libheif has no encoder for it";
  }
};

TEST_P(HeifFiles, WrittenWithoutLossGiveTheirPixelsBack) {
  for (const auto mode : {Mode::rgb, Mode::rgba}) {
    const auto image = drawing(mode, 64, 48);
    const auto read = Image::decode(encoded(image, GetParam()));
    EXPECT_EQ(read.format(), GetParam().name);
    // The way to YCbCr and back rounds.
    EXPECT_LE(distance(read, image), 1) << describe(mode).name;
  }
}

TEST_P(HeifFiles, WrittenAsUsualLookTheSame) {
  const auto image = two_halves({200, 40, 90}, {20, 160, 230}, 64, 48);
  const auto read =
      Image::decode(encoded(image, GetParam(), {.lossless = false}));
  ASSERT_EQ(read.mode(), Mode::rgb);
  // Away from the edge, where colours of half the resolution mix.
  for (const std::size_t x : {8U, 56U})
    for (std::size_t c = 0; c < 3; ++c)
      EXPECT_NEAR(static_cast<int>(read.row(24)[3 * x + c]),
                  static_cast<int>(image.row(24)[3 * x + c]), 6);
}

TEST_P(HeifFiles, AreTurnedUpright) {
  const auto image = drawing(Mode::rgb, 64, 48);
  const auto read = Image::decode(encoded(
      image, GetParam(), {.orientation = heif_orientation_rotate_90_cw}));
  ASSERT_EQ(read.width(), 48U);
  ASSERT_EQ(read.height(), 64U);
  // A quarter turn clockwise: the first row is shown as the last column.
  for (std::size_t x = 0; x < 64; ++x)
    for (std::size_t c = 0; c < 3; ++c)
      EXPECT_NEAR(static_cast<int>(read.row(x)[3 * 47 + c]),
                  static_cast<int>(image.row(0)[3 * x + c]), 1);
}

TEST_P(HeifFiles, OverTheLimitAreRefused) {
  const auto file = encoded(drawing(Mode::rgb, 64, 48), GetParam());
  EXPECT_EQ(refusal(file, {.pixel_limit = 64 * 48 - 1}),
            ErrorKind::unsupported);
  EXPECT_EQ(refusal(file, {.pixel_limit = 64 * 48}), std::nullopt);
}

TEST_P(HeifFiles, CutShortAreRefused) {
  const auto file = encoded(drawing(Mode::rgb, 64, 48), GetParam());
  for (std::size_t part = 0; part < 16; ++part)
    EXPECT_TRUE(refusal(Bytes(file).first(file.size() * part / 16))) << part;
}

TEST_P(HeifFiles, DamagedAreAPictureOrAnError) {
  EXPECT_GT(
      refused_when_flipped(encoded(drawing(Mode::rgb, 64, 48), GetParam())),
      20U);
}

INSTANTIATE_TEST_SUITE_P(Codecs, HeifFiles,
                         testing::Values(Codec{heif_compression_HEVC, "HEIF"},
                                         Codec{heif_compression_AV1, "AVIF"}),
                         [](const auto& row) {
                           return std::string(row.param.name);
                         });

}  // namespace
}  // namespace igrot
