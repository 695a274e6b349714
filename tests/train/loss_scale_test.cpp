#include "train/loss_scale.h"

#include <gtest/gtest.h>

namespace igrot {
namespace {

TEST(LossScale, HalvesAtAnOverflowAndDoublesAfterTwoThousandGoodSteps) {
  LossScale scale;
  EXPECT_EQ(scale.scale(), 65536);
  scale.update(false);
  EXPECT_EQ(scale.scale(), 32768);
  for (int i = 0; i < 1999; ++i) scale.update(true);
  EXPECT_EQ(scale.scale(), 32768);
  scale.update(true);
  EXPECT_EQ(scale.scale(), 65536);
}

TEST(LossScale, CountsAnewAfterAnOverflow) {
  LossScale scale;
  for (int i = 0; i < 1999; ++i) scale.update(true);
  scale.update(false);
  scale.update(true);
  EXPECT_EQ(scale.scale(), 32768);
}

}  // namespace
}  // namespace igrot
