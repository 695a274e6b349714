#include "models/convert.h"

#include <gmock/gmock.h>

#include "igrot/retriever.h"
#include "models/describe.h"
#include "tests/models/rewritten.h"

namespace igrot::test {
namespace {

using testing::Contains;
using testing::UnorderedElementsAreArray;

Retriever load(const fs::path& path) {
  LoadOptions options;
  options.engine = Engine::plain;
  return Retriever::load(path, options);
}

std::vector<std::string> names(const fs::path& path) {
  std::vector<std::string> list;
  const auto file = Checkpoint::open(path);
  for (const auto& tensor : file.tensors()) list.push_back(tensor.name);
  return list;
}

const std::vector<std::string> models{"clip_tiny/clip_tiny.state_dict.pth",
                                      "clip_tiny_union/clip_tiny_union.pth",
                                      "transagg_only/transagg_only.pth"};

TEST(ConvertedModel, HasTheNamesOfTheReferencesStateDict) {
  const TemporaryFolder folder;
  for (const auto& file : models)
    for (const auto* out : {"out.safetensors", "out.pth"}) {
      convert_model(unpacked(file), folder / out);
      EXPECT_THAT(names(folder / out),
                  UnorderedElementsAreArray(names(unpacked(file))));
    }
}

TEST(ConvertedModel, HasTheSameFingerprint) {
  const TemporaryFolder folder;
  for (const auto& file : models) {
    const auto original = load(unpacked(file));
    for (const auto* out : {"out.safetensors", "out.pth", "out.pt"}) {
      convert_model(unpacked(file), folder / out);
      const auto converted = load(folder / out);
      EXPECT_EQ(converted.fingerprint(), original.fingerprint()) << file;
      EXPECT_EQ(converted.info().layout, original.info().layout) << file;
    }
  }
}

TEST(ConvertedModel, ComesFromOtherLayoutsToo) {
  const TemporaryFolder folder;
  const auto original = load(unpacked(models[0]));
  convert_model(unpacked("clip_tiny/hf/model.safetensors"),
                folder / "from_hf.pth");
  EXPECT_EQ(load(folder / "from_hf.pth").fingerprint(), original.fingerprint());
  EXPECT_EQ(load(folder / "from_hf.pth").info().layout, "openai");
  EXPECT_THAT(names(folder / "from_hf.pth"), Contains("logit_scale"));
}

TEST(ConvertedModel, RemembersItsActivationInSafetensors) {
  const TemporaryFolder folder;
  convert_model(unpacked(models[0]), folder / "gelu.safetensors",
                {.dtype = DType::f32, .activation = "gelu", .runtime = {}});
  EXPECT_EQ(load(folder / "gelu.safetensors").info().activation, "gelu");
}

TEST(ConvertedModel, RoundsToHalfPrecision) {
  const TemporaryFolder folder;
  for (const auto dtype : {DType::f16, DType::bf16}) {
    convert_model(unpacked(models[1]), folder / "half.safetensors",
                  {.dtype = dtype, .activation = {}, .runtime = {}});
    const auto file = Checkpoint::open(folder / "half.safetensors");
    for (const auto& tensor : file.tensors())
      EXPECT_EQ(tensor.tensor.dtype(), dtype) << tensor.name;
    const auto source = Checkpoint::open(unpacked(models[1]));
    const auto original = source.find("combiner_layer.bias")->to_tensor();
    EXPECT_TRUE(near(file.find("combiner_layer.bias")->to_tensor(), original,
                     {1e-6F, 0.004F}));
  }
}

TEST(ConvertedModel, IsRefusedUnderAnUnknownEndingOrType) {
  const TemporaryFolder folder;
  EXPECT_EQ(error_of([&] {
              convert_model(unpacked(models[0]), folder / "out.bin");
            }).kind(),
            ErrorKind::usage);
  EXPECT_EQ(error_of([&] {
              convert_model(
                  unpacked(models[0]), folder / "out.pth",
                  {.dtype = DType::i8, .activation = {}, .runtime = {}});
            }).kind(),
            ErrorKind::usage);
  EXPECT_EQ(folder.entry_count(), 0U);
}

struct FolderCase {
  std::string file;
  FolderLayout layout;
  std::string found;
};

TEST(ConvertedModel, BecomesTheFolderOfAnotherLibrary) {
  const std::vector<FolderCase> cases{
      {models[0], FolderLayout::huggingface, "huggingface"},
      {models[0], FolderLayout::open_clip, "open_clip"},
      {"blip_tiny/blip_tiny.pth", FolderLayout::huggingface, "huggingface"}};
  for (const auto& c : cases) {
    const TemporaryFolder folder;
    ConvertOptions options;
    options.layout = c.layout;
    convert_model(unpacked(c.file), folder / "out", options);
    const auto original = load(unpacked(c.file));
    const auto converted = load(folder / "out");
    EXPECT_EQ(converted.info().layout, c.found);
    EXPECT_EQ(converted.fingerprint(), original.fingerprint()) << c.found;
    EXPECT_EQ(nlohmann::json::parse(converted.info().config),
              nlohmann::json::parse(original.info().config));
  }
}

TEST(ConvertedModel, HasTransformersNames) {
  const TemporaryFolder folder;
  ConvertOptions options;
  options.layout = FolderLayout::huggingface;
  convert_model(unpacked(models[0]), folder / "out", options);
  auto expected = names(unpacked("clip_tiny/hf/model.safetensors"));
  std::erase_if(expected, [](const auto& name) {
    return name.ends_with("position_ids");
  });
  EXPECT_THAT(names(folder / "out" / "model.safetensors"),
              UnorderedElementsAreArray(expected));
}

TEST(ConvertedModel, LeavesHeadsOutOfFoldersWithAWarning) {
  const TemporaryFolder folder;
  std::vector<std::string> warnings;
  ConvertOptions options;
  options.layout = FolderLayout::huggingface;
  options.activation = "quick_gelu";
  options.runtime.warn = [&](std::string_view text) {
    warnings.emplace_back(text);
  };
  convert_model(unpacked(models[1]), folder / "out", options);
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_THAT(warnings[0], testing::HasSubstr("only the towers"));
  EXPECT_FALSE(load(folder / "out").has_fusion());
}

TEST(ConvertedModel, IsRefusedAFolderOfALibraryWithoutItsFamily) {
  const TemporaryFolder folder;
  ConvertOptions options;
  options.layout = FolderLayout::open_clip;
  const auto error = error_of([&] {
    convert_model(unpacked("blip_tiny/blip_tiny.pth"), folder / "out", options);
  });
  EXPECT_EQ(error.kind(), ErrorKind::unsupported);
}

TEST(Description, TellsLayoutAndHyperParameters) {
  const auto description =
      describe_model(Checkpoint::open(unpacked(models[1])));
  EXPECT_EQ(description.layout, "union");
  const auto config = nlohmann::json::parse(description.config.value());
  EXPECT_EQ(config["width"], 32);
  EXPECT_EQ(config["image"]["side"], 64);
  EXPECT_EQ(config["image"]["patch"], 16);
  EXPECT_EQ(config["image"]["layers"], 3);
  EXPECT_EQ(config["text"]["context"], 77);
  EXPECT_EQ(config["fusion"]["layers"], 2);
  EXPECT_EQ(config["union"]["layers"], 4);
}

TEST(Description, IsEmptyForFilesOfOtherKinds) {
  const TemporaryFolder folder;
  const Tensor tensor({2, 2});
  const std::array list{to_write("w", tensor)};
  write_safetensors(folder / "other.safetensors", list);
  const auto description =
      describe_model(Checkpoint::open(folder / "other.safetensors"));
  EXPECT_FALSE(description.layout);
  EXPECT_FALSE(description.config);
}

TEST(Description, KeepsTheLayoutOfADamagedModel) {
  const TemporaryFolder folder;
  auto tensors = read_all(unpacked(models[0]));
  remove(tensors, "visual.proj");
  write_safetensors(folder / "m.safetensors", views(tensors));
  const auto description =
      describe_model(Checkpoint::open(folder / "m.safetensors"));
  EXPECT_EQ(description.layout, "openai");
  EXPECT_FALSE(description.config);
}

}  // namespace
}  // namespace igrot::test
