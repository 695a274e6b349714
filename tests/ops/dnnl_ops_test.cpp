#include <gtest/gtest.h>

#include "tests/ops/engine_comparison.h"

namespace igrot {
namespace {

using DnnlOpsTest = EngineComparison;
INSTANTIATE_TEST_SUITE_P(Precisions, DnnlOpsTest,
                         testing::Values(Precision::f32, Precision::bf16),
                         precision_name);

struct Size {
  std::size_t rows, inputs, outputs;
};

/// One row, odd tiny widths, CLIP's and T5's shapes, more rows than a block.
constexpr Size sizes[] = {{1, 1, 1},     {1, 768, 512}, {2, 5, 3},
                          {3, 7, 65},    {7, 20, 60},   {50, 64, 192},
                          {13, 100, 33}, {77, 512, 64}, {5, 384, 1024},
                          {300, 96, 129}};

constexpr std::size_t widths[] = {1, 3, 4, 5, 16, 20, 33, 64, 127, 768};

TEST_P(DnnlOpsTest, UploadAndDownloadKeepFloats) {
  const auto x = random_tensor({3, 5, 7}, 1);
  const auto ops = engine->context();
  const auto back = ops.download(ops.upload(x));
  ASSERT_EQ(back.shape(), x.shape());
  EXPECT_EQ(relative_distance(back, x), 0);
}

TEST_P(DnnlOpsTest, LinearAppliesWeightsBiasAndActivation) {
  for (const auto [rows, inputs, outputs] : sizes)
    for (const auto activation :
         {Activation::none, Activation::quick_gelu, Activation::gelu,
          Activation::gelu_tanh, Activation::relu, Activation::sigmoid})
      for (const bool with_bias : {false, true}) {
        SCOPED_TRACE(testing::Message()
                     << rows << " x " << inputs << " x " << outputs << " act "
                     << static_cast<int>(activation) << " bias " << with_bias);
        const auto x = random_tensor({rows, inputs}, 1);
        const auto weight = random_tensor({outputs, inputs}, 2);
        const auto bias = random_tensor({outputs}, 3);
        expect_same([&](const auto& ops) {
          const auto w = ops.pack_linear(weight, with_bias ? &bias : nullptr);
          return ops.linear(ops.upload(x), w, activation);
        });
      }
}

TEST_P(DnnlOpsTest, LinearTakesColumnsOfAWiderTensor) {
  const auto x = random_tensor({2, 9, 60}, 1);
  const auto weight = random_tensor({24, 20}, 2);
  for (const std::size_t first : {0, 3, 20, 40})
    expect_same([&](const auto& ops) {
      const auto w = ops.pack_linear(weight, nullptr);
      return ops.linear(ops.columns(ops.upload(x), first, 20), w,
                        Activation::none);
    });
}

TEST_P(DnnlOpsTest, LinearTakesColumnsOfAnotherLinear) {
  const auto x = random_tensor({10, 32}, 1);
  const auto in = random_tensor({96, 32}, 2);
  const auto out = random_tensor({16, 32}, 3);
  expect_same([&](const auto& ops) {
    const auto packed = ops.linear(ops.upload(x), ops.pack_linear(in, nullptr),
                                   Activation::none);
    return ops.linear(ops.columns(packed, 33, 32),
                      ops.pack_linear(out, nullptr), Activation::none);
  });
}

TEST_P(DnnlOpsTest, SelectOutputsIsTheProductOfThoseRows) {
  const auto x = random_tensor({6, 40}, 1);
  const auto weight = random_tensor({384, 40}, 2);
  const auto bias = random_tensor({384}, 3);
  struct Range {
    std::size_t first, count;
  };
  constexpr Range ranges[] = {{0, 384},  {0, 128}, {128, 256}, {64, 64},
                              {320, 64}, {7, 100}, {383, 1}};
  for (const auto [first, count] : ranges)
    expect_same([&](const auto& ops) {
      const auto all = ops.pack_linear(weight, &bias);
      return ops.linear(ops.upload(x), ops.select_outputs(all, first, count),
                        Activation::relu);
    });
}

TEST_P(DnnlOpsTest, LinearAddAddsToTheResidual) {
  for (const auto [rows, inputs, outputs] : sizes) {
    const auto x = random_tensor({rows, inputs}, 1);
    const auto weight = random_tensor({outputs, inputs}, 2);
    const auto bias = random_tensor({outputs}, 3);
    const auto residual = random_tensor({rows, outputs}, 4);
    expect_same([&](const auto& ops) {
      return ops.linear_add(ops.upload(x), ops.pack_linear(weight, &bias),
                            ops.upload(residual));
    });
  }
}

TEST_P(DnnlOpsTest, LinearAddLeavesAResidualThatIsStillHeld) {
  const auto x = random_tensor({4, 8}, 1);
  const auto weight = random_tensor({8, 8}, 2);
  const auto ops = engine->context();
  const auto residual = ops.upload(x);
  ops.linear_add(residual, ops.pack_linear(weight, nullptr), residual);
  EXPECT_EQ(relative_distance(ops.download(residual), x), 0);
}

TEST_P(DnnlOpsTest, LinearAddWorksInPlaceOnTheLastHandle) {
  const auto ops = engine->context();
  const auto w = ops.pack_linear(random_tensor({8, 8}, 2), nullptr);
  auto residual = ops.upload(random_tensor({4, 8}, 1));
  const auto x = ops.upload(random_tensor({4, 8}, 3));
  const auto* memory = residual.memory().get();
  const auto sum = ops.linear_add(x, w, std::move(residual));
  EXPECT_EQ(sum.memory().get(), memory);
}

TEST_P(DnnlOpsTest, NoRowsGiveNoRows) {
  const auto ops = engine->context();
  const auto w = ops.pack_linear(random_tensor({8, 4}, 1), nullptr);
  const auto x = ops.upload(Tensor({0, 4}));
  EXPECT_EQ(ops.linear(x, w, Activation::relu).shape(), (Shape{0, 8}));
  EXPECT_EQ(ops.normalize(x).shape(), (Shape{0, 4}));
  EXPECT_EQ(ops.add(x, x).shape(), (Shape{0, 4}));
}

TEST_P(DnnlOpsTest, NormsScaleEachRow) {
  for (const auto width : widths)
    for (const std::size_t rows : {1, 3, 200}) {
      const auto x = random_tensor({rows, width}, 1);
      const auto scale = random_tensor({width}, 2);
      const auto shift = random_tensor({width}, 3);
      expect_same([&](const auto& ops) {
        return ops.layer_norm(ops.upload(x), ops.upload(scale),
                              ops.upload(shift), 1e-5F);
      });
      expect_same([&](const auto& ops) {
        return ops.rms_norm(ops.upload(x), ops.upload(scale), 1e-6F);
      });
      expect_same(
          [&](const auto& ops) { return ops.normalize(ops.upload(x)); });
    }
}

TEST_P(DnnlOpsTest, NormsReadColumnsAndOtherNorms) {
  const auto x = random_tensor({5, 40}, 1);
  const auto scale = random_tensor({20}, 2);
  expect_same([&](const auto& ops) {
    const auto part = ops.columns(ops.upload(x), 13, 20);
    const auto once =
        ops.layer_norm(part, ops.upload(scale), ops.upload(scale), 1e-5F);
    return ops.normalize(ops.rms_norm(once, ops.upload(scale), 1e-6F));
  });
}

TEST_P(DnnlOpsTest, ALargeMeanDoesNotSpoilTheVariance) {
  auto x = random_tensor({4, 64}, 1);
  for (auto& value : x.values()) value += 1000;
  const auto scale = random_tensor({64}, 2);
  const auto ops = engine->context();
  const PlainOps plain;
  const auto found = ops.download(ops.layer_norm(
      ops.upload(x), ops.upload(scale), ops.upload(scale), 1e-5F));
  const auto expected = plain.layer_norm(plain.upload(x), plain.upload(scale),
                                         plain.upload(scale), 1e-5F);
  EXPECT_LE(relative_distance(found, expected.host()), 5e-3);
}

TEST_P(DnnlOpsTest, PatchesUnfoldAsAConvolutionReads) {
  for (const auto [batch, size, side] :
       {std::array<std::size_t, 3>{1, 4, 2}, {3, 15, 5}, {2, 32, 16}})
    expect_same([&, batch = batch, size = size, side = side](const auto& ops) {
      return ops.patches(ops.upload(random_tensor({batch, 3, size, size}, 1)),
                         side);
    });
}

TEST_P(DnnlOpsTest, EmbedAndGatherPickRows) {
  const auto table = random_tensor({11, 5}, 1);
  const std::vector<std::int32_t> ids{3, 0, 10, 3};
  expect_same(
      [&](const auto& ops) { return ops.embed(ids, ops.upload(table)); });
  const std::vector<std::size_t> rows{10, 0, 0, 7};
  expect_same([&](const auto& ops) {
    const auto x = ops.reshape(ops.upload(table), {1, 11, 5});
    return ops.gather(ops.columns(x, 1, 3), rows);
  });
}

TEST_P(DnnlOpsTest, ReshapeRegroupsRowsAndWidths) {
  const auto x = random_tensor({4, 6}, 1);
  expect_same([&](const auto& ops) {
    return ops.reshape(ops.upload(x), {2, 2, 6});
  });
  expect_same([&](const auto& ops) {
    return ops.reshape(ops.upload(x), {8, 3});
  });
  expect_same([&](const auto& ops) {
    return ops.reshape(ops.columns(ops.upload(x), 1, 4), {2, 8});
  });
  expect_same([&](const auto& ops) {
    return ops.reshape(ops.columns(ops.upload(x), 1, 4), {2, 2, 4});
  });
}

TEST_P(DnnlOpsTest, ColumnsAndReshapeShareMemory) {
  const auto ops = engine->context();
  const auto x = ops.upload(random_tensor({4, 6}, 1));
  const auto part = ops.reshape(ops.columns(x, 2, 3), {2, 2, 3});
  EXPECT_EQ(part.memory().get(), x.memory().get());
}

TEST_P(DnnlOpsTest, ConcatTokensRepeatsSingleInputs) {
  const auto token = random_tensor({1, 1, 5}, 1);
  const auto x = random_tensor({3, 4, 5}, 2);
  const auto y = random_tensor({3, 2, 7}, 3);
  expect_same([&](const auto& ops) {
    return ops.concat_tokens(
        {ops.upload(token), ops.upload(x), ops.columns(ops.upload(y), 1, 5)});
  });
}

TEST_P(DnnlOpsTest, ConcatColumnsJoinsWidths) {
  const auto x = random_tensor({3, 5}, 1);
  const auto y = random_tensor({3, 7}, 2);
  const auto weight = random_tensor({9, 5}, 3);
  expect_same([&](const auto& ops) {
    const auto product = ops.linear(
        ops.upload(x), ops.pack_linear(weight, nullptr), Activation::none);
    return ops.concat_columns(
        {product, ops.columns(ops.upload(y), 2, 3), ops.upload(x)});
  });
}

TEST_P(DnnlOpsTest, AddRepeatsAShorterAddend) {
  const auto x = random_tensor({3, 20, 33}, 1);
  const auto same = random_tensor({3, 20, 33}, 2);
  const auto tokens = random_tensor({20, 33}, 3);
  const auto row = random_tensor({33}, 4);
  for (const auto* addend : {&same, &tokens, &row})
    expect_same([&](const auto& ops) {
      return ops.add(ops.upload(x), ops.upload(*addend));
    });
}

TEST_P(DnnlOpsTest, AddLeavesItsArgumentsAlone) {
  const auto ops = engine->context();
  const auto host = random_tensor({3, 5}, 1);
  const auto x = ops.upload(host);
  ops.add(x, x);
  ops.affine(x, 2, 3);
  EXPECT_EQ(relative_distance(ops.download(x), host), 0);
}

TEST_P(DnnlOpsTest, CombineWeighsParts) {
  const auto weights = random_tensor({5, 3}, 1);
  const auto a = random_tensor({5, 20}, 2);
  const auto b = random_tensor({5, 40}, 3);
  expect_same([&](const auto& ops) {
    const auto x = ops.upload(a);
    return ops.combine(ops.upload(weights),
                       {x, ops.columns(ops.upload(b), 7, 20), x});
  });
}

TEST_P(DnnlOpsTest, AffineScalesAndShifts) {
  const auto x = random_tensor({5, 21}, 1);
  expect_same(
      [&](const auto& ops) { return ops.affine(ops.upload(x), -2.5F, 0.75F); });
}

}  // namespace
}  // namespace igrot
