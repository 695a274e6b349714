#include <gmock/gmock.h>

#include "igrot/retriever.h"
#include "models/convert.h"
#include "models/derive.h"
#include "models/tensor_source.h"
#include "models/weights.h"
#include "ops/plain/plain_ops.h"
#include "tests/models/small_siglip.h"

namespace igrot::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

const std::vector<std::string> texts{"", "abc", "Cab abc \xC3\xA9 cab!"};

struct Loading {
  std::vector<std::string> warnings;

  Retriever operator()(const fs::path& path, Engine engine = Engine::dnnl) {
    LoadOptions options;
    options.engine = engine;
    options.runtime.threads = 2;
    options.runtime.warn = [this](std::string_view warning) {
      warnings.emplace_back(warning);
    };
    return Retriever::load(path, options);
  }
};

Tensor pixels() {
  return random_weights({"pixels", {3, 3, 48, 48}});
}

TEST(Siglip, IsToldByItsTensors) {
  const SmallSiglip model;
  Loading load;
  const auto siglip = load(model.folder.path());
  EXPECT_EQ(siglip.info().layout, "huggingface");
  EXPECT_EQ(siglip.info().activation, "gelu_pytorch_tanh");
  EXPECT_EQ(siglip.width(), 128U);
  EXPECT_EQ(siglip.side(), 48U);
  EXPECT_EQ(siglip.local_rows(), 9U);
  EXPECT_EQ(siglip.context(), 12U);
  const auto config = nlohmann::json::parse(siglip.info().config);
  EXPECT_EQ(config["family"], "siglip");
  EXPECT_EQ(config["image"]["heads"], 2);
  EXPECT_EQ(config["text"]["heads"], 1);
  EXPECT_THAT(load.warnings, IsEmpty());
}

TEST(Siglip, PixelsLieAroundZero) {
  const SmallSiglip model;
  const auto preprocess = Loading()(model.folder.path()).preprocess();
  EXPECT_THAT(preprocess.mean, testing::Each(0.5F));
  EXPECT_THAT(preprocess.std, testing::Each(0.5F));
}

TEST(Siglip, IsTheSameUnderTheNamesOfEitherLibrary) {
  const SmallSiglip model;
  const TemporaryFolder folder;
  Loading load;
  const auto open_clip = load(
      write_small_siglip(folder / "open_clip.safetensors", open_clip_siglip));
  EXPECT_EQ(open_clip.info().layout, "open_clip");
  EXPECT_EQ(open_clip.fingerprint(), load(model.folder.path()).fingerprint());
  EXPECT_THAT(load.warnings, IsEmpty());
}

TEST(Siglip, EnginesAgree) {
  const SmallSiglip model;
  const auto plain = Loading()(model.folder.path(), Engine::plain);
  const auto fast = Loading()(model.folder.path());
  const auto p = pixels();
  EXPECT_TRUE(near(fast.image(p), plain.image(p), feature_tolerance));
  EXPECT_TRUE(
      near(fast.image_local(p), plain.image_local(p), feature_tolerance));
  EXPECT_TRUE(near(fast.text(texts), plain.text(texts), feature_tolerance));
  EXPECT_TRUE(
      near(fast.text_local(texts), plain.text_local(texts), feature_tolerance));
}

TEST(Siglip, TheTextIsTheLastRowPaddingOrNot) {
  const SmallSiglip model;
  const auto siglip = Loading()(model.folder.path());
  const auto rows = siglip.text_local(texts).reshaped({3 * 12, 128});
  const std::array last{std::size_t{11}, std::size_t{23}, std::size_t{35}};
  EXPECT_TRUE(near(siglip.text(texts), pick(rows, last), feature_tolerance));
}

/// The mean of each picture's patches, [B, 1, width].
Tensor mean_patches(const Tensor& patches) {
  const auto& shape = patches.shape();
  Tensor mean({shape[0], 1, shape[2]});
  for (std::size_t b = 0; b < shape[0]; ++b)
    for (std::size_t p = 0; p < shape[1]; ++p)
      for (std::size_t k = 0; k < shape[2]; ++k)
        mean.data()[b * shape[2] + k] +=
            patches.data()[(b * shape[1] + p) * shape[2] + k] /
            static_cast<float>(shape[1]);
  return mean;
}

TEST(Siglip, PatchesWeighTheSameForAProbeThatAsksNothing) {
  const TemporaryFolder folder;
  auto tensors = read_all(
      write_small_siglip(folder / "m.safetensors", huggingface_siglip));
  const std::string head = "vision_model.head.";
  reshape(tensors, head + "probe", {1, 1, 128});
  // Of queries, keys and values, the first third of the offsets.
  auto& offsets = find(tensors, head + "attention.in_proj_bias");
  std::fill_n(offsets.bytes.begin(), 128 * sizeof(float), std::byte{});
  write_safetensors(folder / "even.safetensors", views(tensors));
  const auto files = open_model_files(folder / "even.safetensors");
  const TensorSource source(files.parts);
  const auto config = derive_config(source, files.hints);
  const PlainOps ops;
  const auto weights = load_weights(ops, source, config);
  const auto& vision =
      std::get<SiglipWeights<PlainOps>>(weights.towers.family).vision;
  const auto& pool = vision.pool;
  const auto local =
      image_local(ops, vision, config.towers, ops.upload(pixels()));

  const auto values =
      ops.columns(ops.linear(ops.upload(mean_patches(ops.download(local))),
                             pool.key_value, Activation::none),
                  128, 128);
  const auto x = ops.linear(values, pool.out_proj, Activation::none);
  const auto up = ops.linear(layer_norm(ops, x, pool.norm, 1e-6F), pool.up,
                             Activation::gelu_tanh);
  const auto expected = ops.add(x, ops.linear(up, pool.down, Activation::none));
  EXPECT_TRUE(
      near(ops.download(pool_patches(ops, pool, config.towers.vision, local)),
           ops.download(expected), feature_tolerance));
}

TEST(Siglip, PicturesNeedNoVocabulary) {
  const TemporaryFolder folder;
  const auto siglip = Loading()(
      write_small_siglip(folder / "model.safetensors", huggingface_siglip));
  EXPECT_EQ(siglip.image(pixels()).shape(), (Shape{3, 128}));
  const auto error = error_of([&] { siglip.text({"abc"}); });
  EXPECT_EQ(error.kind(), ErrorKind::not_found);
  EXPECT_THAT(error.what(), HasSubstr("spiece.model"));
  EXPECT_THAT(error.what(), HasSubstr("tokenizer.model"));
  EXPECT_THROW(siglip.targets(pixels(), Target::sum), Error);
}

TEST(Siglip, TokensOutsideItsTableAreRefused) {
  const SmallSiglip model;
  auto tensors = read_all(model.folder / "model.safetensors");
  reshape(tensors, "text_model.embeddings.token_embedding.weight", {260, 64});
  write_safetensors(model.folder / "model.safetensors", views(tensors));
  const auto siglip = Loading()(model.folder.path());
  EXPECT_EQ(siglip.text({"\xC3\xA9"}).shape(), (Shape{1, 128}));
  EXPECT_EQ(error_of([&] { siglip.text({"abc"}); }).kind(), ErrorKind::corrupt);
}

TEST(Siglip, AsksWithPictureAndWords) {
  const SmallSiglip model;
  const auto siglip = Loading()(model.folder.path());
  Query query;
  const std::array first{std::size_t{0}};
  query.pictures.push_back({pick(pixels(), first).reshaped({3, 48, 48})});
  query.text = "abc";
  auto sum = siglip.image(pick(pixels(), first));
  const auto words = siglip.text({"abc"});
  for (std::size_t i = 0; i < 128; ++i) sum.data()[i] += words.data()[i];
  normalize_rows(sum);
  EXPECT_TRUE(near(siglip.query(query), sum, unit_tolerance));
}

TEST(Siglip, DamageIsNamed) {
  const SmallSiglip model;
  const auto whole = read_all(model.folder / "model.safetensors");
  const auto error_with = [&](auto&& change) {
    auto tensors = whole;
    change(tensors);
    write_safetensors(model.folder / "model.safetensors", views(tensors));
    return error_of([&] { Loading()(model.folder.path()); });
  };
  const std::string positions =
      "vision_model.embeddings.position_embedding.weight";
  EXPECT_THAT(error_with([&](auto& t) {
                reshape(t, positions, {10, 128});
              }).what(),
              HasSubstr("expected a square"));
  EXPECT_THAT(error_with([&](auto& t) {
                reshape(t, positions, {1, 9, 128});
              }).what(),
              HasSubstr("expected 2 dimensions"));
  EXPECT_THAT(error_with([](auto& t) {
                remove(t, "vision_model.head.attention.in_proj_bias");
              }).what(),
              HasSubstr("in_proj_bias' is missing"));
  EXPECT_THAT(error_with([](auto& t) {
                reshape(t, "text_model.head.weight", {96, 64});
              }).what(),
              HasSubstr("96 wide"));
}

TEST(Siglip, OfVariableResolutionIsRefusedByName) {
  const SmallSiglip model;
  std::ofstream(model.folder / "config.json")
      << R"({"model_type": "siglip2", "vision_config": {}, "text_config": {}})";
  const auto error = error_of([&] { Loading()(model.folder.path()); });
  EXPECT_EQ(error.kind(), ErrorKind::unsupported);
  EXPECT_THAT(error.what(), HasSubstr("NaFlex"));
}

TEST(Siglip, PartsOfOpenClipsPoolMustBeThere) {
  const TemporaryFolder folder;
  const auto path =
      write_small_siglip(folder / "m.safetensors", open_clip_siglip);
  const std::string pool = "visual.trunk.attn_pool.";
  for (const auto& name : {pool + "q.weight", pool + "kv.weight"}) {
    auto tensors = read_all(path);
    remove(tensors, name);
    write_safetensors(folder / "less.safetensors", views(tensors));
    EXPECT_THAT(
        error_of([&] { Loading()(folder / "less.safetensors"); }).what(),
        HasSubstr("'" + name + "' is missing"));
  }
  auto tensors = read_all(path);
  reshape(tensors, pool + "kv.weight", {128, 128});
  write_safetensors(folder / "less.safetensors", views(tensors));
  EXPECT_THAT(error_of([&] { Loading()(folder / "less.safetensors"); }).what(),
              HasSubstr("expected [256, 128]"));
}

TEST(Siglip, IsConverted) {
  const SmallSiglip model;
  const TemporaryFolder out;
  convert_model(model.folder.path(), out / "m.safetensors");
  convert_model(
      model.folder.path(), out / "folder",
      {.layout = FolderLayout::huggingface, .activation = {}, .runtime = {}});
  Loading load;
  const auto original = load(model.folder.path());
  EXPECT_EQ(load(out / "m.safetensors").fingerprint(), original.fingerprint());
  const auto folder = load(out / "folder");
  EXPECT_EQ(folder.fingerprint(), original.fingerprint());
  EXPECT_TRUE(near(folder.text(texts), original.text(texts), {0, 0}));
  auto written = read_all(out / "folder" / "model.safetensors");
  EXPECT_EQ(find(written, "logit_bias").shape, Shape{1});
  EXPECT_EQ(error_of([&] {
              convert_model(model.folder.path(), out / "open_clip",
                            {.layout = FolderLayout::open_clip,
                             .activation = {},
                             .runtime = {}});
            }).kind(),
            ErrorKind::unsupported);
  EXPECT_THAT(load.warnings, IsEmpty());
}

}  // namespace
}  // namespace igrot::test
