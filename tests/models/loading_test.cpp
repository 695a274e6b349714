// What a model's files may look like, and how loading refuses them.
#include <gmock/gmock.h>

#include "igrot/retriever.h"
#include "models/derive.h"
#include "tests/models/rewritten.h"

namespace igrot::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

const std::string state_dict = "clip_tiny/clip_tiny.state_dict.pth";
const std::string union_file = "clip_tiny_union/clip_tiny_union.pth";

/// Loads as a user would, without computing; collects warnings.
struct Loading {
  std::vector<std::string> warnings;

  Retriever operator()(const fs::path& path,
                       std::optional<std::string> activation = {}) {
    LoadOptions options;
    options.engine = Engine::plain;
    options.activation = std::move(activation);
    options.runtime.warn = [this](std::string_view text) {
      warnings.emplace_back(text);
    };
    return Retriever::load(path, options);
  }
};

/// A file changed by `change` and the error loading it ends in.
Error error_after(const std::string& file,
                  const std::function<void(OwnedTensors&)>& change) {
  const TemporaryFolder folder;
  auto tensors = read_all(unpacked(file));
  change(tensors);
  const auto path = folder / "changed.safetensors";
  write_safetensors(path, views(tensors));
  auto error = error_of([&] { Loading()(path); });
  EXPECT_THAT(error.what(), StartsWith(path.string() + ": "));
  return error;
}

TEST(Loading, NamesATensorOfAnotherShape) {
  const auto error = error_after(state_dict, [](auto& tensors) {
    reshape(tensors, "visual.proj", {128, 128});
  });
  EXPECT_EQ(error.kind(), ErrorKind::corrupt);
  EXPECT_THAT(error.what(),
              EndsWith("changed.safetensors: tensor 'visual.proj' has shape "
                       "[128, 128], expected [128, 32]"));
}

TEST(Loading, NamesAMissingTensor) {
  const auto error = error_after(state_dict, [](auto& tensors) {
    remove(tensors, "transformer.resblocks.1.ln_1.bias");
  });
  EXPECT_EQ(error.kind(), ErrorKind::corrupt);
  EXPECT_THAT(
      error.what(),
      EndsWith("tensor 'transformer.resblocks.1.ln_1.bias' is missing"));
}

TEST(Loading, NamesSomeOfManyMissingTensors) {
  const auto error = error_after(state_dict, [](auto& tensors) {
    std::erase_if(tensors, [](const auto& t) {
      return t.name.starts_with("visual.transformer.resblocks.1.mlp");
    });
  });
  EXPECT_THAT(error.what(),
              AllOf(HasSubstr("4 tensors are missing: "),
                    HasSubstr("'visual.transformer.resblocks.1.mlp.c_fc."
                              "weight'"),
                    EndsWith(" and 1 more")));
}

TEST(Loading, NamesAMissingTensorAsTheFileWould) {
  const auto error =
      error_after("clip_tiny/hf/model.safetensors", [](auto& tensors) {
        remove(tensors, "text_model.encoder.layers.0.self_attn.k_proj.weight");
      });
  EXPECT_THAT(error.what(),
              EndsWith("tensor 'text_model.encoder.layers.0.self_attn.k_proj."
                       "weight' is missing"));
}

struct Damage {
  std::string name;
  Shape shape;
  std::string expected;
};

TEST(Loading, RefusesAbsurdShapes) {
  const std::vector<Damage> damages{
      {"visual.positional_embedding", {16, 128}, "one more than a square"},
      {"visual.positional_embedding", {1, 128}, "one more than a square"},
      {"visual.positional_embedding", {17}, "expected 2 dimensions"},
      {"visual.conv1.weight", {128, 3, 16, 0}, "which is empty"},
      {"visual.conv1.weight", {128, 3, 16}, "expected 4 dimensions"},
      {"visual.conv1.weight", {100, 3, 16, 16}, "not a multiple of 64"},
      {"visual.conv1.weight", {128, 1, 16, 16}, "expected [128, 3, 16, 16]"},
      {"visual.conv1.weight", {128, 3, 8, 16}, "expected [128, 3, 16, 16]"},
      {"token_embedding.weight", {49407, 64}, "49407 tokens"},
      {"token_embedding.weight", {0, 64}, "which is empty"},
      {"positional_embedding", {1, 64}, "1 positions"},
      {"text_projection", {64, 0}, "which is empty"},
      {"transformer.resblocks.0.mlp.c_fc.weight", {0, 64}, "which is empty"},
      {"transformer.resblocks.1.mlp.c_fc.weight", {8, 64}, "[256, 64]"},
      {"ln_final.bias", {1, 64}, "expected [64]"},
  };
  for (const auto& damage : damages) {
    const auto error = error_after(state_dict, [&](auto& tensors) {
      reshape(tensors, damage.name, damage.shape);
    });
    EXPECT_THAT(error.what(), HasSubstr(damage.expected)) << damage.name;
  }
}

TEST(Loading, RefusesAbsurdHeads) {
  const std::string t5 = "t5_layers.block.0.layer.0.SelfAttention.";
  const std::vector<Damage> damages{
      {t5 + "relative_attention_bias.weight", {32, 7}, "7 heads over a width"},
      {t5 + "relative_attention_bias.weight", {2, 8}, "2 buckets"},
      {t5 + "relative_attention_bias.weight", {32, 0}, "which is empty"},
      {t5 + "q.weight", {256, 32}, "expected [256, 32]"},
      {"sep_token", {1, 32}, "expected [1, 1, 32]"},
      {"weighted_layer.weight", {4, 32}, "expected [3, 32]"},
      {"combiner_layer.weight", {256, 32}, "expected [256, 64]"},
      {"union_weighted_layer.6.weight", {2, 32}, "expected [1, 32]"},
  };
  for (const auto& damage : damages) {
    const auto error = error_after(union_file, [&](auto& tensors) {
      reshape(tensors, damage.name, damage.shape);
    });
    EXPECT_THAT(error.what(), HasSubstr(damage.expected)) << damage.name;
  }
}

TEST(Loading, RefusesEveryOtherRankOfWhatItDerivesHyperParametersFrom) {
  const std::string t5 = "t5_layers.block.0.layer.";
  const std::vector<std::string> sources{
      "model.visual.conv1.weight",
      "model.visual.positional_embedding",
      "model.visual.transformer.resblocks.0.mlp.c_fc.weight",
      "model.token_embedding.weight",
      "model.positional_embedding",
      "model.text_projection",
      "model.transformer.resblocks.0.mlp.c_fc.weight",
      "fusion.layers.0.linear1.weight",
      "combiner_layer.weight",
      "union_weighted_layer.0.weight",
      "union_weighted_layer.3.weight",
      t5 + "0.SelfAttention.relative_attention_bias.weight",
      t5 + "0.SelfAttention.q.weight",
      t5 + "1.DenseReluDense.wi.weight"};
  for (const auto& name : sources)
    for (const auto& shape : {Shape{}, Shape{0}, Shape{1, 1, 1, 1, 1}}) {
      const auto error = error_after(
          union_file, [&](auto& tensors) { reshape(tensors, name, shape); });
      EXPECT_EQ(error.kind(), ErrorKind::corrupt) << name;
      EXPECT_THAT(error.what(), HasSubstr(name));
    }
}

TEST(Loading, RefusesWeightsThatAreNotNumbersOfFloatingPoint) {
  const auto error = error_after(state_dict, [](auto& tensors) {
    auto& tensor = find(tensors, "visual.ln_pre.bias");
    tensor.dtype = DType::i32;
  });
  EXPECT_EQ(error.kind(), ErrorKind::unsupported);
  EXPECT_THAT(error.what(), HasSubstr("'visual.ln_pre.bias' holds int32"));
}

TEST(Loading, RefusesModelsItDoesNotKnow) {
  const auto unknown = error_after(state_dict, [](auto& tensors) {
    remove(tensors, "visual.conv1.weight");
  });
  EXPECT_EQ(unknown.kind(), ErrorKind::unsupported);
  EXPECT_THAT(unknown.what(), HasSubstr("holds no model in a layout"));
  const auto blip = error_after(state_dict, [](auto& tensors) {
    remove(tensors, "visual.conv1.weight");
    find(tensors, "visual.proj").name = "visual_encoder.blocks.0.attn.qkv.bias";
  });
  EXPECT_THAT(blip.what(), HasSubstr("holds a BLIP model"));
}

TEST(Loading, RefusesTwoTensorsForOnePlace) {
  const auto error =
      error_after("clip_tiny/clip_tiny.open_clip_customtext.fp16.safetensors",
                  [](auto& tensors) {
                    auto copy = find(tensors, "visual.ln_pre.bias");
                    copy.name = "text.visual.ln_pre.bias";
                    tensors.push_back(copy);
                  });
  EXPECT_THAT(error.what(), HasSubstr("are for the same place"));
}

TEST(Loading, NamesFilesThatAreNotThere) {
  EXPECT_EQ(error_of([] { Loading()("/nonexistent/model.pt"); }).kind(),
            ErrorKind::not_found);
  const TemporaryFolder empty;
  const auto error = error_of([&] { Loading()(empty.path()); });
  EXPECT_EQ(error.kind(), ErrorKind::not_found);
  EXPECT_THAT(error.what(), HasSubstr("model.safetensors"));
}

TEST(Loading, WarnsOfTensorsWithoutAPlace) {
  const TemporaryFolder folder;
  auto tensors = read_all(unpacked(state_dict));
  auto extra = find(tensors, "ln_final.bias");
  extra.name = "ln_extra.bias";
  tensors.push_back(extra);
  write_safetensors(folder / "m.safetensors", views(tensors));
  Loading load;
  load(folder / "m.safetensors", "quick_gelu");
  EXPECT_THAT(load.warnings,
              ElementsAre(EndsWith(
                  "tensors without a place in the model: 'ln_extra.bias'")));
}

TEST(Activation, IsThatOfTheOption) {
  Loading load;
  EXPECT_EQ(load(unpacked(state_dict), "gelu").info().activation, "gelu");
  EXPECT_THAT(load.warnings, IsEmpty());
  EXPECT_EQ(error_of([&] { load(unpacked(state_dict), "tanh"); }).kind(),
            ErrorKind::usage);
}

TEST(Activation, ChangesFeaturesAndFingerprint) {
  Loading load;
  const auto quick = load(unpacked(state_dict), "quick_gelu");
  const auto exact = load(unpacked(state_dict), "gelu");
  EXPECT_NE(quick.fingerprint(), exact.fingerprint());
  const auto pixels = pick(golden("clip_tiny/pixels"), first_n(1));
  EXPECT_FALSE(near(quick.image(pixels), exact.image(pixels), {1e-3F, 0}));
  EXPECT_FALSE(near(quick.text({"a"}), exact.text({"a"}), {1e-3F, 0}));
}

TEST(Activation, IsQuickGeluWithAWarningWhenNothingSays) {
  Loading load;
  EXPECT_EQ(load(unpacked(state_dict)).info().activation, "quick_gelu");
  EXPECT_THAT(load.warnings, ElementsAre(HasSubstr("QuickGELU is assumed")));
}

TEST(Activation, OfOpenAisArchivesIsKnown) {
  Loading load;
  load(unpacked("clip_tiny/clip_tiny.torchscript.pt"));
  EXPECT_THAT(load.warnings, IsEmpty());
}

/// A model folder made of a golden file and a configuration.
struct ModelFolder {
  ModelFolder(const std::string& weights, const std::string& name,
              const std::string& config_name, const std::string& config) {
    fs::copy_file(unpacked(weights), folder / name);
    std::ofstream(folder / config_name) << config;
  }
  TemporaryFolder folder;
};

constexpr auto hf_weights = "clip_tiny/hf/model.safetensors";
constexpr auto open_clip_weights =
    "clip_tiny/clip_tiny.open_clip_customtext.fp16.safetensors";

std::string hf_config(const std::string& vision, const std::string& text) {
  return R"({"vision_config": {"hidden_act": ")" + vision +
         R"("}, "text_config": {"hidden_act": ")" + text + R"("}})";
}

TEST(Activation, OfAHuggingFaceFolderIsThatOfItsConfiguration) {
  const ModelFolder model(hf_weights, "model.safetensors", "config.json",
                          hf_config("gelu", "gelu"));
  Loading load;
  EXPECT_EQ(load(model.folder.path()).info().activation, "gelu");
  EXPECT_EQ(load(model.folder / "model.safetensors").info().activation, "gelu");
  EXPECT_EQ(load(model.folder.path(), "quick_gelu").info().activation,
            "quick_gelu");
  EXPECT_THAT(load.warnings, IsEmpty());
}

TEST(Activation, OfAHuggingFaceFolderMustBeKnownAndOne) {
  for (const auto& config :
       {hf_config("gelu_new", "gelu_new"), hf_config("gelu", "quick_gelu")}) {
    const ModelFolder model(hf_weights, "model.safetensors", "config.json",
                            config);
    const auto error = error_of([&] { Loading()(model.folder.path()); });
    EXPECT_EQ(error.kind(), ErrorKind::unsupported) << config;
  }
}

TEST(Activation, OfAnOpenClipFolderIsGeluUnlessItSaysQuick) {
  const std::string rest = R"("vision_cfg": {"width": 128}, "text_cfg": {}}})";
  const ModelFolder plain(open_clip_weights, "open_clip_model.safetensors",
                          "open_clip_config.json", R"({"model_cfg": {)" + rest);
  const ModelFolder quick(open_clip_weights, "open_clip_model.safetensors",
                          "open_clip_config.json",
                          R"({"model_cfg": {"quick_gelu": true, )" + rest);
  Loading load;
  EXPECT_EQ(load(plain.folder.path()).info().activation, "gelu");
  EXPECT_EQ(load(quick.folder.path()).info().activation, "quick_gelu");
  EXPECT_EQ(load(quick.folder.path()).info().layout, "open_clip");
  EXPECT_THAT(load.warnings, IsEmpty());
}

TEST(Activation, IsNotReadFromSomebodyElsesConfiguration) {
  for (const std::string config :
       {"[1, 2", "[]", R"({"model_type": "bert"})"}) {
    const ModelFolder model(state_dict, "m.pth", "config.json", config);
    Loading load;
    load(model.folder / "m.pth");
    EXPECT_THAT(load.warnings, ElementsAre(HasSubstr("QuickGELU"))) << config;
  }
}

TEST(HeadCount, ComesFromTheConfigurationWhereItIsOfThisModel) {
  const auto heads = [](const std::string& vision) {
    const ModelFolder model(
        hf_weights, "model.safetensors", "config.json",
        R"({"vision_config": {)" + vision + R"(}, "text_config": {}})");
    const auto files = open_model_files(model.folder.path());
    return derive_config(TensorSource(files.parts), files.hints)
        .towers.vision.heads;
  };
  EXPECT_EQ(heads(R"("hidden_size": 128, "num_attention_heads": 4)"), 4U);
  EXPECT_EQ(heads(R"("hidden_size": 768, "num_attention_heads": 4)"), 2U);
  EXPECT_EQ(heads(R"("hidden_size": 128, "num_attention_heads": 0)"), 2U);
  EXPECT_EQ(heads(R"("hidden_size": 128, "num_attention_heads": "4")"), 2U);
}

/// The tiny Hugging Face model in two shards.
struct Sharded {
  Sharded() {
    const auto tensors = read_all(unpacked(hf_weights));
    nlohmann::json map;
    std::array<OwnedTensors, 2> parts;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      parts[i % 2].push_back(tensors[i]);
      map[tensors[i].name] = names[i % 2];
    }
    for (std::size_t i = 0; i < 2; ++i)
      write_safetensors(folder / names[i], views(parts[i]));
    write_index({{"weight_map", map}});
  }
  void write_index(const nlohmann::json& index) const {
    std::ofstream(folder / "model.safetensors.index.json") << index.dump();
  }

  TemporaryFolder folder;
  std::array<std::string, 2> names{"model-00001-of-00002.safetensors",
                                   "model-00002-of-00002.safetensors"};
};

TEST(Shards, MakeOneModel) {
  const Sharded model;
  Loading load;
  const auto whole = load(unpacked(hf_weights), "quick_gelu");
  const auto sharded = load(model.folder.path(), "quick_gelu");
  EXPECT_EQ(sharded.fingerprint(), whole.fingerprint());
  EXPECT_EQ(sharded.info().layout, "huggingface");
  EXPECT_EQ(load(model.folder / "model.safetensors.index.json", "quick_gelu")
                .fingerprint(),
            whole.fingerprint());
}

TEST(Shards, AreRefusedUnlessTheyLieBesideTheirIndex) {
  const Sharded model;
  for (const std::string name :
       {"../outside.safetensors", "/etc/passwd", "..", "", "sub/x"}) {
    model.write_index({{"weight_map", {{"w", name}}}});
    EXPECT_EQ(error_of([&] { Loading()(model.folder.path()); }).kind(),
              ErrorKind::corrupt)
        << name;
  }
  model.write_index({{"weight_map", {{"w", 5}}}});
  EXPECT_THROW(Loading()(model.folder.path()), Error);
  model.write_index({{"weight_map", 5}});
  EXPECT_THROW(Loading()(model.folder.path()), Error);
  model.write_index(nlohmann::json::array());
  EXPECT_THROW(Loading()(model.folder.path()), Error);
  model.write_index({{"weight_map", {{"w", "gone.safetensors"}}}});
  EXPECT_EQ(error_of([&] { Loading()(model.folder.path()); }).kind(),
            ErrorKind::not_found);
}

}  // namespace
}  // namespace igrot::test
