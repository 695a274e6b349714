// Gradients of our own functions beside those of libtorch's operations, and
// the rules of dropout.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/custom_function.h>

#include "ops/torch/dropout.h"
#include "ops/torch/linear.h"
#include "ops/torch/torch_ops.h"

namespace igrot {
namespace {

// Sums of a few hundred products of numbers near 1, in another order.
constexpr double tolerance = 2e-4;

at::Tensor numbers(std::vector<std::int64_t> sizes, std::int64_t seed) {
  auto generator =
      at::detail::createCPUGenerator(static_cast<std::uint64_t>(seed));
  return at::randn(sizes, generator, at::kFloat);
}

at::Tensor leaf(std::vector<std::int64_t> sizes, std::int64_t seed) {
  return numbers(std::move(sizes), seed).set_requires_grad(true);
}

TorchOps with(TorchKernels kernels) {
  TorchOptions options;
  options.kernels = kernels;
  options.dropout =
      DropoutKeys{.seed = 3, .epoch = 1, .step = 2, .samples = {4, 9}};
  return TorchOps(options);
}

/// Values and gradients of `compute` by both kinds of kernels.
template <class Compute>
void expect_equal(std::vector<at::Tensor> leaves, Compute&& compute) {
  std::vector<std::vector<at::Tensor>> results;
  for (const auto kernels : {TorchKernels::own, TorchKernels::library}) {
    const auto y = compute(with(kernels));
    auto& result = results.emplace_back();
    result.push_back(y.detach().clone());
    (y * numbers(y.sizes().vec(), 99)).sum().backward();
    for (auto& x : leaves) {
      result.push_back(x.grad().clone());
      x.mutable_grad() = at::Tensor();
    }
  }
  for (std::size_t i = 0; i < results[0].size(); ++i)
    EXPECT_TRUE(
        at::allclose(results[0][i], results[1][i], tolerance, tolerance))
        << (i == 0 ? "value" : "gradient of leaf") << " " << i;
}

class Activations : public testing::TestWithParam<Activation> {};

TEST_P(Activations, HaveTheGradientsOfTheLibrary) {
  const auto x = leaf({2, 5, 7}, 1);
  const auto w = leaf({6, 7}, 2);
  const auto b = leaf({6}, 3);
  expect_equal({x, w, b}, [&](const TorchOps& ops) {
    const TorchLinear linear{.weight = w, .bias = b, .count = 6};
    return ops.linear(TorchTensor(x), linear, GetParam()).value();
  });
}

INSTANTIATE_TEST_SUITE_P(
    All, Activations,
    testing::Values(Activation::none, Activation::quick_gelu, Activation::gelu,
                    Activation::gelu_tanh, Activation::relu,
                    Activation::sigmoid));

TEST(TorchLinear, TakesWeightsEitherWayRound) {
  const auto x = leaf({4, 3}, 1);
  const auto w = leaf({3, 8}, 2);
  expect_equal({x, w}, [&](const TorchOps& ops) {
    const TorchLinear projection{
        .weight = w, .bias = {}, .inputs_first = true, .count = 8};
    return ops.linear(TorchTensor(x), projection, Activation::none).value();
  });
}

TEST(TorchLinear, SelectsOutputsWithTheirGradients) {
  const auto x = leaf({4, 3}, 1);
  const auto w = leaf({9, 3}, 2);
  const auto b = leaf({9}, 3);
  expect_equal({x, w, b}, [&](const TorchOps& ops) {
    const TorchLinear whole{.weight = w, .bias = b, .count = 9};
    const auto part = ops.select_outputs(whole, 3, 4);
    return ops.linear(TorchTensor(x), part, Activation::none).value();
  });
}

TEST(TorchLinear, AddsAResidualWithoutChangingIt) {
  const auto x = leaf({1, 3}, 1);
  const auto w = leaf({5, 3}, 2);
  const auto b = leaf({5}, 3);
  const auto residual = leaf({1, 5}, 4);
  const auto before = residual.detach().clone();
  expect_equal({x, w, b, residual}, [&](const TorchOps& ops) {
    const TorchLinear linear{.weight = w, .bias = b, .count = 5};
    return ops.linear_add(TorchTensor(x), linear, TorchTensor(residual))
        .value();
  });
  EXPECT_TRUE(at::equal(before, residual));
}

TEST(TorchLinear, RoundsItsInputsToBfloat16WhenAsked) {
  const auto x = numbers({6, 40}, 1);
  const auto w = numbers({5, 40}, 2);
  const auto rounded = [](const at::Tensor& t) {
    return t.to(at::kBFloat16).to(at::kFloat);
  };
  const auto y = own_linear(x, w, {}, {}, Activation::none, at::kBFloat16);
  EXPECT_TRUE(
      at::allclose(y, at::matmul(rounded(x), rounded(w).t()), 1e-5, 1e-5));
  EXPECT_FALSE(at::allclose(y, at::matmul(x, w.t()), 1e-5, 1e-5));
}

struct AttentionCase {
  std::int64_t queries, keys;
  Visibility visibility;
  bool key_bias, head_bias;
  float dropout;
};

class Attentions : public testing::TestWithParam<AttentionCase> {};

TEST_P(Attentions, HaveTheGradientsOfTheLibrary) {
  const auto& c = GetParam();
  const auto q = leaf({2, c.queries, 12}, 1);
  const auto kv = leaf({2, c.keys, 24}, 2);
  const auto head_bias = leaf({c.queries, c.keys, 3}, 3);
  const TorchTensor key_bias(numbers({2, c.keys}, 4));
  const TorchTensor by_head(head_bias);
  std::vector<at::Tensor> leaves{q, kv};
  if (c.head_bias) leaves.push_back(head_bias);
  expect_equal(leaves, [&](const TorchOps& ops) {
    const TorchTensor both(kv);
    AttentionOptions<TorchTensor> options{.heads = 3,
                                          .scale = 0.5F,
                                          .visibility = c.visibility,
                                          .dropout = c.dropout};
    if (c.key_bias) options.key_bias = &key_bias;
    if (c.head_bias) options.head_bias = &by_head;
    return ops
        .attention(TorchTensor(q), ops.columns(both, 0, 12),
                   ops.columns(both, 12, 12), options)
        .value();
  });
}

INSTANTIATE_TEST_SUITE_P(
    All, Attentions,
    testing::Values(AttentionCase{5, 5, Visibility::all, false, false, 0},
                    AttentionCase{6, 6, Visibility::causal, false, false, 0},
                    AttentionCase{1, 7, Visibility::all, true, false, 0},
                    AttentionCase{2, 2, Visibility::all, false, true, 0},
                    AttentionCase{4, 9, Visibility::all, true, true, 0.3F}));

TEST(TorchAttention, ReadsQueriesKeysAndValuesOfOneProduct) {
  const auto qkv = leaf({2, 4, 36}, 1);
  expect_equal({qkv}, [&](const TorchOps& ops) {
    const TorchTensor all(qkv);
    return ops
        .attention(ops.columns(all, 0, 12), ops.columns(all, 12, 12),
                   ops.columns(all, 24, 12), {.heads = 2, .scale = 1})
        .value();
  });
}

TEST(Dropout, KeepsTheShareItIsAskedTo) {
  const DropoutKeys keys{.seed = 1, .epoch = 0, .step = 0, .samples = {0}};
  const auto kept = kept_elements({1, 100'000}, keys, 0, 0.1F);
  // Six deviations of a binomial share.
  EXPECT_NEAR(kept.to(at::kFloat).mean().item<double>(), 0.9, 0.006);
}

TEST(Dropout, DependsOnTheSampleAndNotOnItsPlaceOrItsBatch) {
  const auto draw = [](std::vector<std::uint64_t> samples) {
    const auto count = static_cast<std::int64_t>(samples.size());
    const DropoutKeys keys{
        .seed = 7, .epoch = 2, .step = 5, .samples = std::move(samples)};
    return kept_elements({count, 3, 11}, keys, 4, 0.5F);
  };
  const auto both = draw({10, 20});
  EXPECT_TRUE(at::equal(both[0], draw({10})[0]));
  EXPECT_TRUE(at::equal(both, draw({20, 10}).flip(0)));
  EXPECT_FALSE(at::equal(both[0], both[1]));
}

TEST(Dropout, IsAnotherInEachStepEpochPlaceAndSeed) {
  const DropoutKeys base{.seed = 1, .epoch = 1, .step = 1, .samples = {0}};
  const auto draw = [](const DropoutKeys& keys, std::uint64_t place) {
    return kept_elements({1, 64}, keys, place, 0.5F);
  };
  const auto first = draw(base, 0);
  auto other = base;
  other.seed = 2;
  EXPECT_FALSE(at::equal(first, draw(other, 0)));
  other = base;
  other.epoch = 2;
  EXPECT_FALSE(at::equal(first, draw(other, 0)));
  other = base;
  other.step = 2;
  EXPECT_FALSE(at::equal(first, draw(other, 0)));
  EXPECT_FALSE(at::equal(first, draw(base, 1)));
  EXPECT_TRUE(at::equal(first, draw(base, 0)));
}

TEST(Dropout, ScalesWhatStaysAndItsGradient) {
  const auto x = leaf({2, 50}, 1);
  const auto y = with(TorchKernels::own).dropout(TorchTensor(x), 0.75F).value();
  const auto kept = y != 0;
  EXPECT_TRUE(at::allclose(y, kept * x * 4));
  y.sum().backward();
  EXPECT_TRUE(at::allclose(x.grad(), kept.to(at::kFloat) * 4));
}

}  // namespace
}  // namespace igrot
