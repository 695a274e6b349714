#include <gtest/gtest.h>
#include <omp.h>

#include <optional>
#include <thread>

#include "tests/ops/engine_comparison.h"

namespace igrot {
namespace {

using DnnlEngineTest = EngineComparison;
INSTANTIATE_TEST_SUITE_P(Precisions, DnnlEngineTest,
                         testing::Values(Precision::f32, Precision::bf16),
                         precision_name);

constexpr std::size_t width = 48;

struct BlockWeights {
  explicit BlockWeights(std::uint32_t seed)
      : scale(random_tensor({width}, seed)),
        shift(random_tensor({width}, seed + 1)),
        in(random_tensor({3 * width, width}, seed + 2)),
        out(random_tensor({width, width}, seed + 3)),
        up(random_tensor({4 * width, width}, seed + 4)),
        down(random_tensor({width, 4 * width}, seed + 5)) {
    // Each product keeps the size of its input, as trained weights do.
    for (auto* weight : {&in, &out, &up, &down})
      for (auto& value : weight->values()) value *= 0.1F;
  }
  Tensor scale, shift, in, out, up, down;
};

template <class O>
struct Block {
  Block(const O& ops, const BlockWeights& w)
      : scale(ops.upload(w.scale)),
        shift(ops.upload(w.shift)),
        in(ops.pack_linear(w.in, nullptr)),
        out(ops.pack_linear(w.out, &w.shift)),
        up(ops.pack_linear(w.up, nullptr)),
        down(ops.pack_linear(w.down, &w.scale)) {}
  typename O::Tensor scale, shift;
  typename O::Linear in, out, up, down;
};

template <class O>
typename O::Tensor forward(const O& ops, const Block<O>& w,
                           typename O::Tensor x) {
  auto h = ops.layer_norm(x, w.scale, w.shift, 1e-5F);
  h = ops.linear(h, w.in, Activation::none);
  h = ops.attention(ops.columns(h, 0, width), ops.columns(h, width, width),
                    ops.columns(h, 2 * width, width),
                    {.heads = 3, .scale = 0.25F});
  x = ops.linear_add(h, w.out, std::move(x));
  h = ops.layer_norm(x, w.scale, w.shift, 1e-5F);
  h = ops.linear(h, w.up, Activation::quick_gelu);
  return ops.linear_add(h, w.down, std::move(x));
}

Tensor run(const DnnlEngine& engine, const Block<DnnlOps>& block,
           const Tensor& x) {
  const auto ops = engine.context();
  auto y = ops.upload(x);
  for (int i = 0; i < 4; ++i) y = forward(ops, block, std::move(y));
  return ops.download(ops.normalize(y));
}

Tensor expected(const BlockWeights& weights, const Tensor& x) {
  const PlainOps plain;
  const Block<PlainOps> block(plain, weights);
  auto y = plain.upload(x);
  for (int i = 0; i < 4; ++i) y = forward(plain, block, std::move(y));
  return plain.normalize(y).host();
}

TEST_P(DnnlEngineTest, BlocksEndInTheYardsticksDirections) {
  const BlockWeights weights(1);
  const Block<DnnlOps> block(engine->context(), weights);
  const auto x = random_tensor({2, 11, width}, 9);
  const auto found = run(*engine, block, x);
  const auto right = expected(weights, x);
  for (std::size_t i = 0; i < 22; ++i) {
    double cosine = 0;
    for (std::size_t j = 0; j < width; ++j)
      cosine +=
          double{found.matrix().row(i)[j]} * double{right.matrix().row(i)[j]};
    EXPECT_GE(cosine, 0.999);
  }
  if (GetParam() == Precision::f32) {
    EXPECT_LE(relative_distance(found, right), 1e-4);
  }
}

TEST_P(DnnlEngineTest, OneThreadAndManyAgree) {
  const BlockWeights weights(2);
  const auto x = random_tensor({2, 60, width}, 9);
  const DnnlEngine single(GetParam(), 1);
  const auto one = run(single, Block<DnnlOps>(single.context(), weights), x);
  for (const std::size_t threads : {2, 9}) {
    const DnnlEngine several(GetParam(), threads);
    const auto many =
        run(several, Block<DnnlOps>(several.context(), weights), x);
    EXPECT_LE(relative_distance(many, one), tolerance());
  }
}

TEST_P(DnnlEngineTest, ManyThreadsShareAnEngineAndItsWeights) {
  const BlockWeights weights(3);
  const Block<DnnlOps> block(engine->context(), weights);
  std::vector<Tensor> inputs;
  std::vector<Tensor> right;
  for (std::uint32_t i = 0; i < 4; ++i) {
    inputs.push_back(random_tensor({1 + i, 5 + i, width}, 20 + i));
    right.push_back(run(*engine, block, inputs.back()));
  }
  const DnnlEngine fresh(GetParam(), 2);  // compiles its products in a race
  const Block<DnnlOps> shared(fresh.context(), weights);
  std::vector<double> worst(4);
  {
    std::vector<std::jthread> workers;
    for (std::size_t t = 0; t < 4; ++t)
      workers.emplace_back([&, t] {
        for (std::size_t n = 0; n < 12; ++n) {
          const auto i = (n + t) % inputs.size();
          worst[t] = std::max(
              worst[t],
              relative_distance(run(fresh, shared, inputs[i]), right[i]));
        }
      });
  }
  for (const auto distance : worst) EXPECT_LE(distance, tolerance());
}

TEST_P(DnnlEngineTest, ARepeatedPassReservesNothingMore) {
  const Block<DnnlOps> block(engine->context(), BlockWeights(4));
  const auto x = random_tensor({3, 20, width}, 9);
  run(*engine, block, x);
  const auto reserved = engine->reserved_bytes();
  EXPECT_GT(reserved, 0);
  for (int i = 0; i < 5; ++i) run(*engine, block, x);
  EXPECT_EQ(engine->reserved_bytes(), reserved);
}

TEST_P(DnnlEngineTest, LeavesTheCallersThreadNumberAlone) {
  omp_set_num_threads(3);
  const Block<DnnlOps> block(engine->context(), BlockWeights(5));
  run(*engine, block, random_tensor({2, 9, width}, 9));
  EXPECT_EQ(omp_get_max_threads(), 3);
}

TEST_P(DnnlEngineTest, ATensorOutlivesItsContextAndEngine) {
  const auto host = random_tensor({5, 6}, 1);
  DnnlTensor kept;
  {
    const DnnlEngine other(GetParam(), 1);
    kept = other.context().upload(host);
    // The next context takes the same arena, but not memory still lent.
    const auto next = other.context().upload(random_tensor({5, 6}, 2));
    EXPECT_NE(next.memory().get(), kept.memory().get());
  }
  EXPECT_EQ(relative_distance(engine->context().download(kept), host), 0);
}

TEST_P(DnnlEngineTest, ReportsWhatItWasAskedFor) {
  EXPECT_EQ(engine->precision(), GetParam());
  EXPECT_EQ(engine->threads(), 2);
}

TEST(DnnlEngineAutomatic, ChoosesAPrecision) {
  const DnnlEngine engine(Precision::automatic, 1);
  EXPECT_NE(engine.precision(), Precision::automatic);
}

}  // namespace
}  // namespace igrot
