// Every source of the goldens, sound and damaged.
#include <gtest/gtest.h>

#include "igrot/error.h"
#include "tests/image/golden.h"

namespace igrot {
namespace {

void expect_same(const Image& image, const nlohmann::json& row) {
  EXPECT_EQ(image.format(), row.at("format").get<std::string>());
  EXPECT_EQ(describe(image.mode()).name, row.at("mode").get<std::string>());
  EXPECT_EQ(image.width(), row.at("width").get<std::size_t>());
  EXPECT_EQ(image.height(), row.at("height").get<std::size_t>());
  EXPECT_EQ(sha256_hex(image.pixels()), row.at("sha256_native"));
  EXPECT_EQ(sha256_hex(image.to_rgb().pixels()), row.at("sha256_rgb"));
}

TEST(Decoding, GivesThePixelsOfTheReference) {
  std::size_t count = 0;
  for (const auto& row : golden_rows("sources.jsonl")) {
    if (row.at("outcome") != "ok") continue;
    SCOPED_TRACE(file_in(row));
    expect_same(Image::open(golden(file_in(row))), row);
    ++count;
  }
  EXPECT_GE(count, 85U);
}

TEST(Decoding, RefusesWhatTheReferenceRefusesAndNamesTheFile) {
  std::size_t count = 0;
  for (const auto& row : golden_rows("sources.jsonl")) {
    if (row.at("outcome") != "error") continue;
    SCOPED_TRACE(file_in(row));
    ++count;
    try {
      Image::open(golden(file_in(row)));
      ADD_FAILURE() << "was decoded";
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find(file_in(row)),
                std::string::npos);
      EXPECT_TRUE(error.kind() == ErrorKind::corrupt ||
                  error.kind() == ErrorKind::unsupported);
    }
  }
  EXPECT_GE(count, 25U);
}

struct KindRow {
  std::string_view file;
  ErrorKind kind;
};

class Refusal : public testing::TestWithParam<KindRow> {};

TEST_P(Refusal, IsOfTheKindThatSaysWhy) {
  try {
    Image::open(golden("sources/" + std::string(GetParam().file)));
    FAIL() << "was decoded";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), GetParam().kind) << error.what();
  }
}

INSTANTIATE_TEST_SUITE_P(
    Files, Refusal,
    testing::Values(KindRow{"bad_text.jpg", ErrorKind::unsupported},
                    KindRow{"bad_zero_length.jpg", ErrorKind::unsupported},
                    KindRow{"bad_png_bomb_limit.png", ErrorKind::unsupported},
                    KindRow{"bad_bmp_absurd_size.bmp", ErrorKind::unsupported},
                    KindRow{"bad_jpeg_truncated_half.jpg", ErrorKind::corrupt},
                    KindRow{"bad_png_idat_crc.png", ErrorKind::corrupt},
                    KindRow{"bad_gif_truncated.gif", ErrorKind::corrupt},
                    KindRow{"bad_webp_truncated.webp", ErrorKind::corrupt}));

}  // namespace
}  // namespace igrot
