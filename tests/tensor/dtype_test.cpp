#include "tensor/dtype.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace igrot {
namespace {

TEST(Half, EveryValueSurvivesTheRoundTrip) {
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    const auto half = static_cast<std::uint16_t>(bits);
    const float value = float_from_half(half);
    if (std::isnan(value)) continue;
    EXPECT_EQ(half_from_float(value), half);
  }
}

TEST(Half, RoundsToNearestEven) {
  EXPECT_EQ(half_from_float(1.0F), 0x3C00);
  EXPECT_EQ(half_from_float(1.0F + 0x1p-11F), 0x3C00);      // tie, down to even
  EXPECT_EQ(half_from_float(1.0F + 3 * 0x1p-11F), 0x3C02);  // tie, up to even
  EXPECT_EQ(half_from_float(65519.0F), 0x7BFF);
  EXPECT_EQ(half_from_float(65520.0F), 0x7C00);
  EXPECT_TRUE(std::isnan(float_from_half(
      half_from_float(std::numeric_limits<float>::quiet_NaN()))));
}

TEST(Bfloat, RoundsToNearestEven) {
  EXPECT_EQ(bfloat_from_float(1.0F), 0x3F80);
  EXPECT_EQ(bfloat_from_float(1.0F + 0x1p-8F), 0x3F80);
  EXPECT_EQ(bfloat_from_float(1.0F + 3 * 0x1p-8F), 0x3F82);
  EXPECT_TRUE(std::isnan(float_from_bfloat(
      bfloat_from_float(std::numeric_limits<float>::quiet_NaN()))));
}

TEST(DTypes, StandInTheOrderOfTheEnumeration) {
  for (std::size_t i = 0; i < dtypes.size(); ++i)
    EXPECT_EQ(static_cast<std::size_t>(dtypes[i].dtype), i);
}

TEST(ToFloat, ReadsUnalignedElements) {
  const char raw[] = "\0\x01\x00\xFF\xFF";
  float values[2];
  to_float(DType::i16, as_bytes({raw + 1, 4}), 2, values);
  EXPECT_EQ(values[0], 1.0F);
  EXPECT_EQ(values[1], -1.0F);
}

}  // namespace
}  // namespace igrot
