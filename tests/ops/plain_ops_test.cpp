#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "ops/plain/plain_ops.h"

namespace igrot {
namespace {

using testing::ElementsAre;
using testing::FloatNear;

const PlainOps ops;

PlainOps::Tensor tensor(Shape shape, std::vector<float> values) {
  return ops.upload(Tensor(std::move(shape), values));
}

auto near(float value) {
  return FloatNear(value, 1e-5F);
}

TEST(PlainOps, LinearMultipliesByTheTransposedWeight) {
  const Tensor weight({3, 2}, std::vector<float>{1, 0, 0, 1, 2, 3});
  const Tensor bias({3}, std::vector<float>{10, 20, -30});
  const auto w = ops.pack_linear(weight, &bias);
  const auto x = tensor({2, 2}, {1, 2, 3, 4});
  const auto y = ops.linear(x, w, Activation::none);
  EXPECT_EQ(y.shape(), (Shape{2, 3}));
  EXPECT_THAT(y.host().values(), ElementsAre(11, 22, -22, 13, 24, -12));
  EXPECT_THAT(ops.linear(x, w, Activation::relu).host().values(),
              ElementsAre(11, 22, 0, 13, 24, 0));
  const auto part = ops.select_outputs(w, 1, 2);
  EXPECT_THAT(ops.linear(x, part, Activation::none).host().values(),
              ElementsAre(22, -22, 24, -12));
  EXPECT_THAT(ops.linear_add(x, part, x).host().values(),
              ElementsAre(23, -20, 27, -8));
}

TEST(PlainOps, ActivationsTakeTheirKnownValuesAtOne) {
  const Tensor one({1, 1}, std::vector<float>{1});
  const auto w = ops.pack_linear(one, nullptr);
  const auto at_one = [&](Activation activation) {
    return ops.linear(ops.upload(one), w, activation).host().values()[0];
  };
  // 1 / (1 + e^-1.702), Phi(1), (1 + tanh(0.797885 * 1.044715)) / 2,
  // 1 / (1 + e^-1)
  EXPECT_NEAR(at_one(Activation::quick_gelu), 0.845796F, 1e-6);
  EXPECT_NEAR(at_one(Activation::gelu), 0.841345F, 1e-6);
  EXPECT_NEAR(at_one(Activation::gelu_tanh), 0.841192F, 1e-6);
  EXPECT_NEAR(at_one(Activation::sigmoid), 0.731059F, 1e-6);
}

TEST(PlainOps, LayerNormCentresAndScales) {
  // mean 3, variance 4
  const auto x = tensor({1, 4}, {1, 1, 5, 5});
  const auto scale = tensor({4}, {1, 2, 1, 2});
  const auto shift = tensor({4}, {0, 0, 10, 10});
  EXPECT_THAT(ops.layer_norm(x, scale, shift, 0).host().values(),
              ElementsAre(near(-1), near(-2), near(11), near(12)));
}

TEST(PlainOps, RmsNormDividesByTheRootOfTheMeanSquare) {
  const auto x = tensor({1, 2}, {1, 7});  // mean square 25
  EXPECT_THAT(ops.rms_norm(x, tensor({2}, {1, 2}), 0).host().values(),
              ElementsAre(near(0.2F), near(2.8F)));
}

TEST(PlainOps, NormalizeMakesUnitRowsAndLeavesZeros) {
  const auto x = tensor({2, 2}, {3, 4, 0, 0});
  EXPECT_THAT(ops.normalize(x).host().values(),
              ElementsAre(near(0.6F), near(0.8F), 0, 0));
}

TEST(PlainOps, AttentionWeighsValuesBySoftmax) {
  const auto q = tensor({1, 1, 1}, {1});
  const auto k = tensor({1, 2, 1}, {0, std::log(3.0F)});
  const auto v = tensor({1, 2, 1}, {4, 8});
  // weights 1/4 and 3/4
  EXPECT_THAT(ops.attention(q, k, v, {}).host().values(), ElementsAre(near(7)));
  // twice the logits: weights 1/10 and 9/10
  EXPECT_THAT(ops.attention(q, k, v, {.scale = 2}).host().values(),
              ElementsAre(near(7.6F)));
}

TEST(PlainOps, AttentionSeparatesHeads) {
  const auto q = tensor({1, 1, 2}, {1, 0});
  const auto k = tensor({1, 2, 2}, {0, 0, std::log(3.0F), 5});
  const auto v = tensor({1, 2, 2}, {4, 4, 8, 8});
  EXPECT_THAT(ops.attention(q, k, v, {.heads = 2}).host().values(),
              ElementsAre(near(7), near(6)));
}

TEST(PlainOps, AttentionBiasesAddToTheLogits) {
  const auto zero = tensor({1, 2, 2}, {0, 0, 0, 0});
  const auto v = tensor({1, 2, 2}, {0, 0, 4, 4});
  const auto third = std::log(3.0F);
  const auto by_key = tensor({1, 2}, {0, third});
  EXPECT_THAT(ops.attention(zero, zero, v, {.heads = 2, .key_bias = &by_key})
                  .host()
                  .values(),
              ElementsAre(near(3), near(3), near(3), near(3)));
  // [Tq, Tk, heads]: only query 1, key 1, head 0 is favoured.
  const auto by_head = tensor({2, 2, 2}, {0, 0, 0, 0, 0, 0, third, 0});
  EXPECT_THAT(ops.attention(zero, zero, v, {.heads = 2, .head_bias = &by_head})
                  .host()
                  .values(),
              ElementsAre(near(2), near(2), near(3), near(2)));
}

TEST(PlainOps, AttentionHidesLaterKeysAndMinusInfinity) {
  const auto zero = tensor({1, 3, 1}, {0, 0, 0});
  const auto v = tensor({1, 3, 1}, {0, 6, 12});
  EXPECT_THAT(ops.attention(zero, zero, v, {.visibility = Visibility::causal})
                  .host()
                  .values(),
              ElementsAre(near(0), near(3), near(6)));
  const auto mask =
      tensor({1, 3}, {0, -std::numeric_limits<float>::infinity(), 0});
  EXPECT_THAT(ops.attention(zero, zero, v, {.key_bias = &mask}).host().values(),
              ElementsAre(near(6), near(6), near(6)));
}

TEST(PlainOps, PatchesKeepChannelThenRowThenColumn) {
  std::vector<float> pixels(48);
  for (std::size_t i = 0; i < 48; ++i) pixels[i] = static_cast<float>(i);
  const auto y = ops.patches(tensor({1, 3, 4, 4}, pixels), 2);
  EXPECT_EQ(y.shape(), (Shape{1, 4, 12}));
  EXPECT_THAT(y.host().matrix().row(1),
              ElementsAre(2, 3, 6, 7, 18, 19, 22, 23, 34, 35, 38, 39));
}

TEST(PlainOps, RowsAndColumnsMove) {
  const auto x = tensor({3, 2}, {0, 1, 2, 3, 4, 5});
  EXPECT_THAT(ops.embed(std::vector<std::int32_t>{2, 0}, x).host().values(),
              ElementsAre(4, 5, 0, 1));
  EXPECT_THAT(ops.gather(x, std::vector<std::size_t>{1, 1}).host().values(),
              ElementsAre(2, 3, 2, 3));
  EXPECT_THAT(ops.columns(x, 1, 1).host().values(), ElementsAre(1, 3, 5));
  EXPECT_EQ(ops.reshape(x, {2, 3}).shape(), (Shape{2, 3}));
}

TEST(PlainOps, PartsAreJoined) {
  const auto token = tensor({1, 1, 2}, {8, 9});
  const auto x = tensor({2, 1, 2}, {0, 1, 2, 3});
  EXPECT_THAT(ops.concat_tokens({token, x}).host().values(),
              ElementsAre(8, 9, 0, 1, 8, 9, 2, 3));
  const auto narrow = tensor({2, 1}, {7, 8});
  EXPECT_THAT(
      ops.concat_columns({narrow, ops.reshape(x, {2, 2})}).host().values(),
      ElementsAre(7, 0, 1, 8, 2, 3));
}

TEST(PlainOps, ElementwiseOps) {
  const auto x = tensor({2, 2}, {1, 2, 3, 4});
  EXPECT_THAT(ops.add(x, tensor({2}, {10, 20})).host().values(),
              ElementsAre(11, 22, 13, 24));
  EXPECT_THAT(ops.affine(x, 2, -1).host().values(), ElementsAre(1, 3, 5, 7));
  const auto weights = tensor({2, 2}, {1, 10, 0, -1});
  const auto y = tensor({2, 2}, {5, 6, 7, 8});
  EXPECT_THAT(ops.combine(weights, {x, y}).host().values(),
              ElementsAre(51, 62, -7, -8));
  EXPECT_THAT(ops.dropout(x, 0.5F).host().values(), ElementsAre(1, 2, 3, 4));
}

}  // namespace
}  // namespace igrot
