// Start values: what can be told without PyTorch. Means and deviations beside
// PyTorch's own: fresh_layers.py.
#include "train/fresh_weights.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "train/model_start.h"

namespace igrot {
namespace {

ModelConfig small_model() {
  TrainConfig config;
  config.model.fresh = NewModelConfig{.width = 64,
                                      .side = 32,
                                      .patch = 8,
                                      .image_width = 64,
                                      .image_layers = 1,
                                      .text_width = 64,
                                      .text_layers = 1};
  return start_model(config, {}).config;
}

TensorSpec spec_of(const ModelConfig& config, const std::string& name) {
  const auto all = list_tensors(config);
  return *std::ranges::find(all, name, &TensorSpec::name);
}

std::vector<float> drawn(const std::string& name, std::uint64_t seed = 0) {
  const auto config = small_model();
  const auto tensor = fresh_tensor(spec_of(config, name), config, seed);
  return {tensor.values().begin(), tensor.values().end()};
}

TEST(FreshWeights, MakeTheFusionsLayersCopies) {
  for (const std::string part :
       {"self_attn.in_proj_weight", "linear1.bias", "linear2.weight"})
    EXPECT_EQ(drawn("fusion.layers.0." + part),
              drawn("fusion.layers.1." + part));
}

TEST(FreshWeights, DifferFromTensorToTensorAndFromSeedToSeed) {
  EXPECT_NE(drawn("visual.transformer.resblocks.0.attn.in_proj_weight"),
            drawn("transformer.resblocks.0.attn.in_proj_weight"));
  EXPECT_EQ(drawn("sep_token", 1), drawn("sep_token", 1));
  EXPECT_NE(drawn("sep_token", 1), drawn("sep_token", 2));
}

TEST(FreshWeights, StayWithinTheBoundsOfTheirLaws) {
  const auto largest = [](const std::vector<float>& values) {
    return std::ranges::max(values, {}, [](float x) { return std::abs(x); });
  };
  // 1 / sqrt(fan in), of weight and bias; sqrt(6 / (fan in + fan out)).
  const float bound = 1 / std::sqrt(128.0F);
  for (const char* name : {"combiner_layer.weight", "combiner_layer.bias"}) {
    EXPECT_LE(std::abs(largest(drawn(name))), bound);
    EXPECT_GT(std::abs(largest(drawn(name))), 0.95F * bound);
  }
  const float xavier = std::sqrt(6.0F / (64 + 192));
  const auto in_proj = drawn("fusion.layers.0.self_attn.in_proj_weight");
  EXPECT_LE(std::abs(largest(in_proj)), xavier);
  EXPECT_GT(std::abs(largest(in_proj)), 0.95F * xavier);
}

TEST(FreshWeights, StartNormsAtOneAndAttentionBiasesAtZero) {
  EXPECT_THAT(drawn("fusion.layers.0.norm1.weight"), testing::Each(1));
  EXPECT_THAT(drawn("t5_layers.final_layer_norm.weight"), testing::Each(1));
  EXPECT_THAT(drawn("visual.ln_pre.bias"), testing::Each(0));
  EXPECT_THAT(drawn("transformer.resblocks.0.attn.in_proj_bias"),
              testing::Each(0));
  EXPECT_THAT(drawn("fusion.layers.0.self_attn.out_proj.bias"),
              testing::Each(0));
}

TEST(ModelStart, GivesANewUnionHeadAsManyHeadsAsTheReference) {
  TrainConfig config;
  config.model.fresh = NewModelConfig{.width = 768,
                                      .side = 32,
                                      .patch = 16,
                                      .image_width = 64,
                                      .image_layers = 1,
                                      .text_width = 64,
                                      .text_layers = 1};
  EXPECT_EQ(start_model(config, {}).config.union_head->heads, 12U);
  config.model.fresh->width = 512;
  EXPECT_EQ(start_model(config, {}).config.union_head->heads, 8U);
}

TEST(ModelStart, SwitchesOffEveryDropoutAtZero) {
  TrainConfig config;
  config.model.fresh.emplace();
  const auto usual = start_model(config, {}).config;
  EXPECT_FLOAT_EQ(usual.transagg->fusion.dropout, 0.1F);
  EXPECT_FLOAT_EQ(usual.union_head->dropout, 0.1F);
  EXPECT_FLOAT_EQ(usual.union_head->head_dropout, 0.05F);
  config.train.dropout = 0;
  const auto off = start_model(config, {}).config;
  EXPECT_EQ(off.transagg->fusion.dropout, 0);
  EXPECT_EQ(off.union_head->dropout, 0);
  EXPECT_EQ(off.union_head->head_dropout, 0);
}

}  // namespace
}  // namespace igrot
