#include "igrot/tensor.h"

#include <gtest/gtest.h>

#include <array>

namespace igrot {
namespace {

TEST(Tensor, IsAValue) {
  Tensor a({2, 3});
  Tensor b = a;
  b.data()[0] = 1;
  EXPECT_EQ(a.data()[0], 0);
  a = b;
  EXPECT_EQ(a.data()[0], 1);
}

TEST(Tensor, WithoutElementsMayBeCopied) {
  const Tensor nothing;
  const Tensor copy = nothing;
  EXPECT_EQ(copy.size(), 0U);
  Tensor full({2});
  const Tensor taken = std::move(full);
  full = nothing;
  EXPECT_EQ(full.size(), 0U);
  EXPECT_EQ(taken.size(), 2U);
}

TEST(Tensor, CountsAllButTheLastDimensionAsRows) {
  const std::array<float, 6> numbers{0, 1, 2, 3, 4, 5};
  const Tensor a({1, 2, 3}, numbers);
  EXPECT_EQ(a.matrix().rows, 2U);
  EXPECT_EQ(a.matrix().row(1)[0], 3);
}

TEST(Tensor, MayBeEmpty) {
  const Tensor a({0, 3});
  EXPECT_EQ(a.size(), 0U);
  EXPECT_EQ(a.matrix().rows, 0U);
}

}  // namespace
}  // namespace igrot
