// BLIP's retrieval models: their layouts, other sizes of pictures, and what
// travels along. Its numbers are in forward_test and retriever_test.
#include <gmock/gmock.h>

#include "igrot/retriever.h"
#include "models/convert.h"
#include "models/positions.h"
#include "models/write_model.h"
#include "tests/models/rewritten.h"

namespace igrot::test {
namespace {

using testing::HasSubstr;

const std::string blip_file = "blip_tiny/blip_tiny.pth";
const std::string grid6_file = "blip_tiny/blip_tiny_grid6.pth";

Retriever load(const fs::path& path, std::optional<std::size_t> side = {}) {
  LoadOptions options;
  options.side = side;
  options.runtime.threads = 2;
  options.runtime.warn = [](std::string_view text) {
    ADD_FAILURE() << "warned: " << text;
  };
  return Retriever::load(path, options);
}

TEST(Blip, TellsItsShape) {
  const auto model = load(unpacked(blip_file));
  EXPECT_EQ(model.info().layout, "blip");
  EXPECT_EQ(model.info().activation, "gelu");
  EXPECT_EQ(model.width(), 48U);
  EXPECT_EQ(model.side(), 64U);
  EXPECT_EQ(model.local_rows(), 17U);
  EXPECT_EQ(model.context(), 35U);
  const auto config = nlohmann::json::parse(model.info().config);
  EXPECT_EQ(config["family"], "blip");
  EXPECT_EQ(config["text"]["mlp_width"], 320);
}

TEST(Blip, GivesTheReferencesFeatures) {
  const auto model = load(unpacked(blip_file));
  const auto pixels = golden("blip_tiny/pixels");
  const auto texts = golden_texts("blip_tiny");
  EXPECT_TRUE(near(model.image(pixels), golden("blip_tiny/image_global"),
                   feature_tolerance));
  EXPECT_TRUE(near(model.image_local(pixels), golden("blip_tiny/image_local"),
                   feature_tolerance));
  EXPECT_TRUE(near(model.text(texts), golden("blip_tiny/text_global"),
                   feature_tolerance));
  EXPECT_TRUE(near(model.text_local(texts), golden("blip_tiny/text_local"),
                   feature_tolerance));
}

struct GridCase {
  std::string file;
  std::string name;
  std::size_t side;
};

TEST(Blip, InterpolatesPositionsForOtherSizesOfPictures) {
  const std::vector<GridCase> cases{{grid6_file, "grid6_to_4", 64},
                                    {grid6_file, "grid6_to_6", 96},
                                    {blip_file, "grid4_to_6", 96},
                                    {blip_file, "grid4_to_7", 112}};
  for (const auto& c : cases) {
    const auto model = load(unpacked(c.file), c.side);
    EXPECT_EQ(model.side(), c.side);
    const auto stem = "blip_tiny_interp/" + c.name;
    EXPECT_TRUE(near(model.image_local(golden(stem + "_pixels")),
                     golden(stem + "_image_local"), feature_tolerance))
        << c.name;
    const auto stored = Checkpoint::open(unpacked(c.file))
                            .find("model/visual_encoder.pos_embed")
                            ->to_tensor();
    const auto expected = golden(stem + "_pos_embed");
    EXPECT_TRUE(near(interpolate_positions(stored, expected.shape()[1]),
                     expected, unit_tolerance))
        << c.name;
  }
}

TEST(Blip, RefusesSizesThatItsPatchesDoNotFill) {
  for (const std::size_t side : {0, 8, 65, 16 * 1024}) {
    const auto error = error_of([&] { load(unpacked(blip_file), side); });
    EXPECT_EQ(error.kind(), ErrorKind::usage) << side;
    EXPECT_THAT(error.what(), HasSubstr("multiple of 16"));
  }
  const auto error = error_of(
      [] { load(unpacked("clip_tiny/clip_tiny.torchscript.pt"), 80); });
  EXPECT_EQ(error.kind(), ErrorKind::unsupported);
}

/// The same weights as transformers' BlipForImageTextRetrieval names them.
std::string huggingface_name(std::string name) {
  const auto replace = [&](std::string_view from, std::string_view to) {
    if (const auto at = name.find(from); at != std::string::npos)
      name.replace(at, from.size(), to);
  };
  if (!name.starts_with("visual_encoder.")) return name;
  replace("visual_encoder.cls_token",
          "vision_model.embeddings.class_embedding");
  replace("visual_encoder.pos_embed",
          "vision_model.embeddings.position_embedding");
  replace("visual_encoder.patch_embed.proj",
          "vision_model.embeddings.patch_embedding");
  replace("visual_encoder.norm.", "vision_model.post_layernorm.");
  replace("visual_encoder.blocks.", "vision_model.encoder.layers.");
  replace(".norm1.", ".layer_norm1.");
  replace(".norm2.", ".layer_norm2.");
  replace(".attn.qkv.", ".self_attn.qkv.");
  replace(".attn.proj.", ".self_attn.projection.");
  return name;
}

TEST(Blip, LoadsTransformersFiles) {
  const TemporaryFolder folder;
  auto tensors = read_all(unpacked(blip_file));
  std::erase_if(tensors, [](const auto& t) {
    return !t.name.starts_with("model/") ||
           t.name.find("_m.") != std::string::npos ||
           t.name.find("queue") != std::string::npos || t.name == "model/temp";
  });
  for (auto& t : tensors) t.name = huggingface_name(t.name.substr(6));
  write_safetensors(folder / "model.safetensors", views(tensors));
  const auto model = load(folder.path());
  EXPECT_EQ(model.info().layout, "huggingface");
  EXPECT_EQ(model.fingerprint(), load(unpacked(blip_file)).fingerprint());
}

TEST(Blip, IsWrittenWithAllThatItsOwnLoaderReads) {
  const TemporaryFolder folder;
  const auto out = folder / "out.pth";
  convert_model(unpacked(blip_file), out, {});
  const auto written = Checkpoint::open(out);
  const auto stored = Checkpoint::open(unpacked(blip_file));
  std::size_t count = 0;
  for (const auto& [name, tensor] : stored.tensors()) {
    if (!name.starts_with("model/")) continue;
    ++count;
    const auto* found = written.find(name.substr(6));
    ASSERT_TRUE(found) << name;
    EXPECT_EQ(found->shape(), tensor.shape()) << name;
    if (tensor.dtype() != DType::f32 || name == "model/temp") continue;
    EXPECT_TRUE(near(found->to_tensor(), tensor.to_tensor(), {0, 0})) << name;
  }
  EXPECT_EQ(written.tensors().size(), count);
  EXPECT_NEAR(written.find("temp")->to_tensor().values()[0],
              stored.find("model/temp")->to_tensor().values()[0], 1e-8);
  EXPECT_EQ(load(out).fingerprint(), load(unpacked(blip_file)).fingerprint());
}

}  // namespace
}  // namespace igrot::test
