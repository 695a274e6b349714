#include "models/fusions.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "igrot/retriever.h"

namespace igrot {
namespace {

Tensor row(std::vector<float> values) {
  const auto size = values.size();
  return Tensor({1, size}, values);
}

void expect_near(const Tensor& actual, std::vector<float> expected) {
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i)
    EXPECT_NEAR(actual.data()[i], expected[i], 1e-6F) << i;
}

const Tensor image = row({3, 0});
const Tensor text = row({0, 4});

TEST(FusionOfFeatures, ImageAndTextAreUnitVectors) {
  expect_near(fuse_features(Fusion::image, image, {}, 0.5F), {1, 0});
  expect_near(fuse_features(Fusion::text, {}, text, 0.5F), {0, 1});
}

TEST(FusionOfFeatures, SumAddsRawFeatures) {
  expect_near(fuse_features(Fusion::sum, image, text, 0.5F), {0.6F, 0.8F});
}

TEST(FusionOfFeatures, WeightedAddsUnitVectors) {
  const float half = std::sqrt(0.5F);
  expect_near(fuse_features(Fusion::weighted, image, text, 0.5F), {half, half});
  expect_near(fuse_features(Fusion::weighted, image, text, 1), {1, 0});
  expect_near(fuse_features(Fusion::weighted, image, text, 0), {0, 1});
  const float norm = std::sqrt(0.64F + 0.04F);
  expect_near(fuse_features(Fusion::weighted, image, text, 0.8F),
              {0.8F / norm, 0.2F / norm});
}

TEST(BlendedPictures, AreOnePictureItselfWhateverItsWeight) {
  const std::array weights{0.25F};
  expect_near(blend_pictures(image, weights), {3, 0});
}

TEST(BlendedPictures, PointBetweenThePicturesAndAreAsLongAsTheyAre) {
  const Tensor two({2, 2}, std::array{3.0F, 0.0F, 0.0F, 5.0F});
  const std::array even{1.0F, 1.0F};
  const float side = 4 * std::sqrt(0.5F);
  expect_near(blend_pictures(two, even), {side, side});
  const std::array first{2.0F, 0.0F};
  expect_near(blend_pictures(two, first), {4, 0});
}

TEST(Negatives, AreTakenAwayAsUnitVectors) {
  const std::array<Tensor, 2> negatives{row({0, 7}), Tensor()};
  const float norm = std::sqrt(1.25F);
  expect_near(subtract_negatives(row({1, 0}), negatives, 0.5F),
              {1 / norm, -0.5F / norm});
}

TEST(Negatives, LeaveTheQueryAloneWhenThereAreNone) {
  const std::array<Tensor, 2> none{};
  expect_near(subtract_negatives(row({0.6F, 0.8F}), none, 0.5F), {0.6F, 0.8F});
}

TEST(NormalizedRows, KeepAZeroRow) {
  Tensor rows({2, 2}, std::array{0.0F, 0.0F, 3.0F, 4.0F});
  normalize_rows(rows);
  expect_near(rows, {0, 0, 0.6F, 0.8F});
}

}  // namespace
}  // namespace igrot
