#include "image/resample_rows.h"

#include <gtest/gtest.h>

#include <random>

namespace igrot {
namespace {

std::vector<std::uint8_t> noise(std::size_t size) {
  std::mt19937 numbers(7);
  std::vector<std::uint8_t> bytes(size);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(numbers());
  return bytes;
}

class Filtering : public testing::TestWithParam<std::size_t> {};

TEST_P(Filtering, GivesTheSameBytesInAllInstructions) {
  constexpr std::size_t width = 53;
  constexpr std::size_t height = 31;
  const auto source = noise(width * height * GetParam());
  const Plane plane{source.data(), width, height, GetParam()};
  for (const std::size_t resized : {7U, 53U, 130U}) {
    const auto across = bicubic_weights(whole_axis(width, resized));
    std::vector<std::uint8_t> plain(resized * height * GetParam());
    auto best = plain;
    filter_rows(plane, across, plain.data(), Instructions::plain);
    filter_rows(plane, across, best.data(), Instructions::best);
    EXPECT_EQ(plain, best);

    const auto down = bicubic_weights(whole_axis(height, resized));
    plain.assign(width * resized * GetParam(), 0);
    best = plain;
    filter_columns(plane, down, plain.data(), Instructions::plain);
    filter_columns(plane, down, best.data(), Instructions::best);
    EXPECT_EQ(plain, best);
  }
}

INSTANTIATE_TEST_SUITE_P(Channels, Filtering, testing::Values(1, 2, 3, 4));

TEST(Weights, OfAPixelSumToOneWithoutPadding) {
  const auto weights = bicubic_weights(whole_axis(100, 33));
  for (const auto& window : weights.windows) {
    double sum = 0;
    for (std::size_t i = 0; i < window.count; ++i)
      sum += weights.values[window.offset + i];
    EXPECT_NEAR(sum, 1.0, 1e-12);  // rounding of a dozen doubles
  }
}

TEST(Weights, ThatFallOnPaddingAreMissing) {
  // One pixel of four in the middle of padding, resized to one.
  const auto weights = bicubic_weights({4, 1, 1, 1, 0, 1});
  ASSERT_EQ(weights.windows.size(), 1U);
  EXPECT_EQ(weights.windows[0].count, 1U);
  EXPECT_LT(weights.values[0], 0.5);
}

}  // namespace
}  // namespace igrot
