#include <gtest/gtest.h>

#include <limits>

#include "tests/ops/engine_comparison.h"

namespace igrot {
namespace {

using DnnlAttention = EngineComparison;
INSTANTIATE_TEST_SUITE_P(Precisions, DnnlAttention,
                         testing::Values(Precision::f32, Precision::bf16),
                         precision_name);

struct Size {
  std::size_t batch, queries, keys, heads, head_width;
};

/// Tiny models, CLIP's text and image towers, a fusion's two rows.
constexpr Size sizes[] = {
    {1, 1, 1, 1, 1},    {2, 3, 5, 2, 4},      {3, 7, 7, 4, 5},
    {2, 17, 17, 3, 16}, {1, 50, 50, 2, 64},   {2, 77, 77, 2, 64},
    {1, 2, 127, 4, 48}, {1, 197, 197, 1, 64}, {1, 33, 20, 2, 80}};

constexpr auto minus_infinity = -std::numeric_limits<float>::infinity();

TEST_P(DnnlAttention, MatchesTheYardstick) {
  for (const auto [batch, queries, keys, heads, head_width] : sizes) {
    SCOPED_TRACE(testing::Message() << queries << " x " << keys << " x "
                                    << heads << " x " << head_width);
    const auto width = heads * head_width;
    const auto q = random_tensor({batch, queries, width}, 1);
    const auto k = random_tensor({batch, keys, width}, 2);
    const auto v = random_tensor({batch, keys, width}, 3);
    expect_same([&](const auto& ops) {
      return ops.attention(ops.upload(q), ops.upload(k), ops.upload(v),
                           {.heads = heads, .scale = 0.3F});
    });
  }
}

TEST_P(DnnlAttention, TakesTheThirdsOfAPackedProjection) {
  for (const auto [batch, queries, keys, heads, head_width] : sizes) {
    const auto width = heads * head_width;
    const auto x = random_tensor({batch, keys, width}, 1);
    const auto weight = random_tensor({3 * width, width}, 2);
    expect_same([&](const auto& ops) {
      const auto packed = ops.linear(
          ops.upload(x), ops.pack_linear(weight, nullptr), Activation::none);
      return ops.attention(
          ops.columns(packed, 0, width), ops.columns(packed, width, width),
          ops.columns(packed, 2 * width, width),
          {.heads = heads, .scale = 0.2F / static_cast<float>(width)});
    });
  }
}

TEST_P(DnnlAttention, CausalRowsSeeNoLaterKeys) {
  for (const std::size_t tokens : {1, 2, 7, 16, 20, 77}) {
    const auto q = random_tensor({2, tokens, 32}, 1);
    const auto k = random_tensor({2, tokens, 32}, 2);
    const auto v = random_tensor({2, tokens, 32}, 3);
    expect_same([&](const auto& ops) {
      return ops.attention(
          ops.upload(q), ops.upload(k), ops.upload(v),
          {.heads = 2, .scale = 0.25F, .visibility = Visibility::causal});
    });
  }
}

TEST_P(DnnlAttention, KeyAndHeadBiasesAddToTheLogits) {
  for (const auto [batch, queries, keys, heads, head_width] : sizes) {
    const auto width = heads * head_width;
    const auto q = random_tensor({batch, queries, width}, 1);
    const auto k = random_tensor({batch, keys, width}, 2);
    const auto v = random_tensor({batch, keys, width}, 3);
    const auto by_key = random_tensor({batch, keys}, 4);
    const auto by_head = random_tensor({queries, keys, heads}, 5);
    const auto visibility =
        queries == keys ? Visibility::causal : Visibility::all;
    expect_same([&](const auto& ops) {
      const auto key_bias = ops.upload(by_key);
      const auto head_bias = ops.upload(by_head);
      return ops.attention(ops.upload(q), ops.upload(k), ops.upload(v),
                           {.heads = heads,
                            .scale = 0.3F,
                            .visibility = visibility,
                            .key_bias = &key_bias,
                            .head_bias = &head_bias});
    });
  }
}

TEST_P(DnnlAttention, AKeyOfMinusInfinityIsUnseen) {
  const auto q = random_tensor({1, 3, 8}, 1);
  const auto k = random_tensor({1, 20, 8}, 2);
  auto v = random_tensor({1, 20, 8}, 3);
  Tensor mask({1, 20});
  for (std::size_t j = 0; j < 20; ++j)
    if (j != 13) mask.data()[j] = minus_infinity;
  const auto ops = engine->context();
  const auto bias = ops.upload(mask);
  const auto seen =
      ops.download(ops.attention(ops.upload(q), ops.upload(k), ops.upload(v),
                                 {.heads = 2, .key_bias = &bias}));
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t c = 0; c < 8; ++c)
      EXPECT_NEAR(seen.values()[i * 8 + c], v.values()[13 * 8 + c], 8e-3);
}

TEST_P(DnnlAttention, LargeLogitsDoNotOverflow) {
  const auto q = random_tensor({1, 9, 16}, 1);
  const auto k = random_tensor({1, 18, 16}, 2);
  const auto v = random_tensor({1, 18, 16}, 3);
  const auto ops = engine->context();
  const auto out =
      ops.download(ops.attention(ops.upload(q), ops.upload(k), ops.upload(v),
                                 {.heads = 1, .scale = 1000}));
  for (const float value : out.values()) EXPECT_TRUE(std::isfinite(value));
}

}  // namespace
}  // namespace igrot
