#include "models/layouts.h"

#include <gmock/gmock.h>

namespace igrot {
namespace {

using testing::IsEmpty;

std::optional<FoundLayout> find(std::vector<std::string_view> names) {
  return find_layout(names);
}

TEST(Layout, IsFoundBelowKeysAndWrappers) {
  const auto found =
      find({"optimizer/state/0/exp_avg", "state_dict/module.logit_scale",
            "state_dict/module.visual.conv1.weight",
            "state_dict/module.token_embedding.weight"});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->row->name, "openai");
  EXPECT_EQ(found->prefix, "state_dict/module.");
}

TEST(Layout, NeedsAllItsMarkersInOnePlace) {
  EXPECT_FALSE(find({"a/visual.conv1.weight", "b/token_embedding.weight"}));
  EXPECT_FALSE(find({}));
}

TEST(Layout, OfAUnionModelIsNotThatOfItsBackbone) {
  const auto found =
      find({"model.visual.conv1.weight", "model.token_embedding.weight",
            "fusion.layers.0.linear1.weight", "union_weighted_layer.0.weight"});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->row->name, "union");
}

const LayoutRow& row(std::string_view name) {
  for (const auto& layout : layouts())
    if (layout.name == name) return layout;
  throw std::runtime_error("no layout");
}

TEST(HuggingFaceNames, BecomeCanonicalOnes) {
  const auto& layout = row("huggingface");
  const auto key =
      rename(layout, "vision_model.encoder.layers.11.self_attn.k_proj.weight");
  ASSERT_TRUE(key);
  EXPECT_EQ(key->canonical,
            "visual.transformer.resblocks.11.attn.in_proj_weight");
  EXPECT_EQ(key->row->part, 1U);
  EXPECT_EQ(key->row->parts, 3U);
  EXPECT_TRUE(rename(layout, "text_projection.weight")->row->transposed);
  EXPECT_FALSE(rename(layout, "vision_model.encoder.layers.0.new.weight"));
  EXPECT_FALSE(rename(layout, "text_model.head.weight"));
}

TEST(HuggingFaceNames, ComeBackFromCanonicalOnes) {
  EXPECT_EQ(foreign_name(row("huggingface"),
                         "transformer.resblocks.3.attn.in_proj_bias", 2),
            "text_model.encoder.layers.3.self_attn.v_proj.bias");
  EXPECT_EQ(foreign_name(row("huggingface"), "visual.ln_pre.bias"),
            "vision_model.pre_layrnorm.bias");
}

TEST(SiglipNames, OfOpenClipsPoolAreOnePartAndTwo) {
  const auto& layout = layout_with("visual.trunk.attn_pool.latent");
  const auto parts =
      foreign_tensors(layout, "visual.trunk.attn_pool.in_proj_weight");
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].name, "visual.trunk.attn_pool.q.weight");
  EXPECT_EQ(parts[1].name, "visual.trunk.attn_pool.kv.weight");
  EXPECT_EQ(parts[1].row->span, 2U);
  EXPECT_EQ(rename(layout, "visual.trunk.blocks.3.mlp.fc2.bias")->canonical,
            "visual.trunk.blocks.3.mlp.c_proj.bias");
}

TEST(ReferenceNames, ComeBackFromCanonicalOnes) {
  EXPECT_EQ(foreign_name(row("union"), "visual.proj"), "model.visual.proj");
  EXPECT_EQ(foreign_name(row("union"), "t5_layers.final_layer_norm.weight"),
            "t5_layers.final_layer_norm.weight");
  EXPECT_EQ(foreign_name(row("transagg"), "visual.proj"),
            "pretrained_model.visual.proj");
  EXPECT_EQ(foreign_name(row("transagg"), "sep_token"), "sep_token");
  EXPECT_EQ(foreign_name(row("open_clip"), "text_projection"),
            "text.text_projection");
  EXPECT_EQ(foreign_name(row("open_clip"), "visual.proj"), "visual.proj");
}

TEST(KnownExtras, AreBuffersAndScalarsOfTraining) {
  EXPECT_TRUE(is_known_extra("logit_scale"));
  EXPECT_TRUE(is_known_extra("attn_mask"));
  EXPECT_TRUE(is_known_extra("visual.position_ids"));
  EXPECT_FALSE(is_known_extra("visual.proj"));
}

TEST(UnsupportedModels, AreNamedByWhatTheyAre) {
  const std::vector<std::string_view> blip{
      "model/visual_encoder.blocks.0.attn.qkv.weight"};
  EXPECT_EQ(guess_unsupported(blip),
            "a BLIP model other than its retrieval one");
  const std::vector<std::string_view> other{"layer.weight"};
  EXPECT_THAT(std::string(guess_unsupported(other)), IsEmpty());
}

}  // namespace
}  // namespace igrot
