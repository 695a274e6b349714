#include "igrot/retriever.h"

#include <gmock/gmock.h>

#include <thread>

#include "igrot/image.h"
#include "tests/models/rewritten.h"

namespace igrot::test {
namespace {

using testing::HasSubstr;

Retriever load(const std::string& file, Engine engine = Engine::dnnl,
               Precision precision = Precision::f32) {
  LoadOptions options;
  options.engine = engine;
  options.precision = precision;
  options.runtime.threads = 2;
  return Retriever::load(unpacked(file), options);
}

const std::string union_folder = "clip_tiny_union";
const std::string union_file = "clip_tiny_union/clip_tiny_union.pth";
const std::string odd_file = "clip_tiny_odd_union/clip_tiny_odd_union.pth";
const std::string plain_file = "clip_tiny/clip_tiny.state_dict.pth";

Tensor tiny_pixels() {
  return golden("clip_tiny/pixels");
}

Tensor picture(std::size_t i) {
  const std::array index{i};
  return pick(tiny_pixels(), index).reshaped({3, 64, 64});
}

struct ContainerCase {
  std::string file;
  std::string container;
  std::string layout;
};
const std::vector<ContainerCase> containers{
    {"clip_tiny/clip_tiny.torchscript.pt", "torchscript", "openai"},
    {plain_file, "torch-zip", "openai"},
    {"clip_tiny/hf/model.safetensors", "safetensors", "huggingface"},
    {"clip_tiny/clip_tiny.open_clip_train.pt", "torch-zip", "open_clip"},
    {"clip_tiny/clip_tiny.open_clip_customtext.fp16.safetensors", "safetensors",
     "open_clip"}};

TEST(Retriever, GivesTheSameFeaturesFromEveryContainer) {
  const auto texts = golden_texts("clip_tiny");
  for (const auto& c : containers) {
    const auto model = load(c.file);
    EXPECT_EQ(model.info().container, c.container) << c.file;
    EXPECT_EQ(model.info().layout, c.layout) << c.file;
    EXPECT_EQ(model.fingerprint(), load(plain_file).fingerprint()) << c.file;
    EXPECT_TRUE(near(model.image(tiny_pixels()),
                     golden("clip_tiny/image_global"), feature_tolerance));
    EXPECT_TRUE(near(model.image_local(tiny_pixels()),
                     golden("clip_tiny/image_local"), feature_tolerance));
    EXPECT_TRUE(near(model.text(texts), golden("clip_tiny/text_global"),
                     feature_tolerance));
    EXPECT_TRUE(near(model.text_local(texts), golden("clip_tiny/text_local"),
                     feature_tolerance));
  }
}

TEST(Retriever, TellsItsShape) {
  const auto model = load(odd_file);
  EXPECT_EQ(model.width(), 40U);
  EXPECT_EQ(model.side(), 70U);
  EXPECT_EQ(model.local_rows(), 26U);
  EXPECT_EQ(model.context(), 77U);
  EXPECT_TRUE(model.has_fusion());
  EXPECT_TRUE(model.has_union_head());
  EXPECT_EQ(model.precision(), Precision::f32);
  EXPECT_EQ(model.preprocess().side, 70U);
  EXPECT_EQ(model.info().layout, "union");
  const auto config = nlohmann::json::parse(model.info().config);
  EXPECT_EQ(config["image"]["heads"], 3);
  EXPECT_EQ(config["text"]["layers"], 3);
  EXPECT_EQ(config["union"]["heads"], 12);
  EXPECT_FALSE(load(plain_file).has_fusion());
}

TEST(Retriever, TakesPicturesAsItsPreprocessingMakesThem) {
  const auto model = load(plain_file);
  const auto image = Image::open(golden_root() / "images/img2.png");
  const auto pixels =
      prepare(image, model.preprocess()).reshaped({1, 3, 64, 64});
  const std::array third{std::size_t{2}};
  EXPECT_TRUE(near(model.image(pixels),
                   pick(golden("clip_tiny/image_global"), third),
                   feature_tolerance));
}

struct UnionCase {
  std::string folder;
  std::string pixels;
  float bf16_cosine;  ///< at least
};
const std::vector<UnionCase> union_cases{
    {"clip_tiny_union", "clip_tiny/pixels", 0.999F},
    {"clip_tiny_odd_union", "clip_tiny_odd/pixels", 0.999F},
    // Norms behind the residual sums: BERT has no path that is not rounded.
    {"blip_tiny_union", "blip_tiny/pixels", 0.997F}};

Retriever load(const UnionCase& c, Engine engine) {
  return load(c.folder + "/" + c.folder + ".pth", engine);
}

TEST(Retriever, GivesTheReferencesTargetsInBothConventions) {
  for (const auto& c : union_cases)
    for (const auto engine : {Engine::plain, Engine::dnnl}) {
      const auto model = load(c, engine);
      const auto pixels = golden(c.pixels);
      for (const auto& [target, name] : targets) {
        const auto stem = c.folder + "/target_" + std::string(name);
        EXPECT_TRUE(near(model.targets(pixels, target, SumConvention::train),
                         golden(stem + "_train"), unit_tolerance))
            << stem;
        auto eval = model.targets(pixels, target);
        EXPECT_TRUE(near(eval, golden(stem + "_eval_raw"), feature_tolerance))
            << stem;
        normalize_rows(eval);
        EXPECT_TRUE(near(eval, golden(stem + "_eval"), unit_tolerance)) << stem;
      }
      EXPECT_TRUE(near(model.text({""}), golden(c.folder + "/null_text_global"),
                       feature_tolerance));
    }
}

/// The first golden pairs of a folder, as a caller gives them; all 38 are more
/// than one batch.
struct Pairs {
  explicit Pairs(const UnionCase& c, std::size_t n = 38) : count(n) {
    auto list = golden_pairs(c.folder);
    list.images.resize(n);
    pixels = pick(golden(c.pixels), list.images);
    const auto all = golden_texts(c.folder);
    for (std::size_t i = 0; i < n; ++i) texts.push_back(all[list.texts[i]]);
  }
  Tensor expected(const std::string& name) const {
    return pick(golden(name), first_n(count));
  }

  std::size_t count;
  Tensor pixels;
  std::vector<std::string> texts;
};

TEST(Retriever, GivesTheReferencesQueries) {
  for (const auto& c : union_cases)
    for (const auto engine : {Engine::plain, Engine::dnnl}) {
      const auto model = load(c, engine);
      const Pairs pairs(c, engine == Engine::plain ? 8 : 38);
      const auto u = model.union_vectors(pairs.pixels, pairs.texts);
      EXPECT_TRUE(
          near(u, pairs.expected(c.folder + "/union_U"), unit_tolerance));
      for (const auto& [mask, name] :
           {std::pair{Mask::automatic, "bool"}, {Mask::added, "added"}}) {
        const auto result = model.fuse(pairs.pixels, pairs.texts, mask);
        const auto expect = [&, end = std::string("_mask_") + name](
                                const Tensor& actual, const std::string& what,
                                Tolerance tolerance) {
          const auto file = c.folder + "/" + what + end;
          EXPECT_TRUE(near(actual, pairs.expected(file), tolerance)) << file;
        };
        expect(result.fused, "f", feature_tolerance);
        expect(result.weights, "weights", feature_tolerance);
        expect(result.query, "query", unit_tolerance);
        EXPECT_TRUE(near(result.united, pairs.expected(c.folder + "/union_U"),
                         unit_tolerance));
        // FashionIQ and DTIN: query + 0.1 U, normalised (method.md 8).
        auto both = result.query;
        for (std::size_t i = 0; i < both.size(); ++i)
          both.data()[i] += 0.1F * u.data()[i];
        normalize_rows(both);
        expect(both, "query_plus_union", unit_tolerance);
      }
    }
}

/// 100 * query . target, [8, 8]; target j is image 7 - j.
Tensor logits(const Tensor& queries, const Tensor& targets_of_images) {
  Tensor result({8, 8});
  for (std::size_t i = 0; i < 8; ++i)
    for (std::size_t j = 0; j < 8; ++j) {
      const auto q = queries.matrix().row(i);
      const auto t = targets_of_images.matrix().row(7 - j);
      float sum = 0;
      for (std::size_t k = 0; k < q.size(); ++k) sum += q[k] * t[k];
      result.data()[i * 8 + j] = 100 * sum;
    }
  return result;
}

TEST(Retriever, GivesTheReferencesTrainingLogits) {
  for (const auto& c : union_cases) {
    const auto model = load(c, Engine::dnnl);
    const auto pixels = golden(c.pixels);
    const auto texts = golden_texts(c.folder);
    for (const auto mask : {Mask::boolean, Mask::added})
      for (const auto& [target, name] : targets) {
        const auto file = c.folder + "/logits_" + std::string(name) + "_mask_" +
                          std::string(name_of(masks, mask));
        EXPECT_TRUE(
            near(logits(model.fuse(pixels, texts, mask).query,
                        model.targets(pixels, target, SumConvention::train)),
                 golden(file), logit_tolerance))
            << file;
      }
  }
}

TEST(Retriever, RunsTransAggCheckpoints) {
  for (const auto engine : {Engine::plain, Engine::dnnl}) {
    const auto model = load("transagg_only/transagg_only.pth", engine);
    EXPECT_EQ(model.info().layout, "transagg");
    EXPECT_FALSE(model.has_union_head());
    const auto texts = golden_texts("transagg_only");
    const auto added = model.fuse(tiny_pixels(), texts, Mask::added).query;
    EXPECT_TRUE(near(model.fuse(tiny_pixels(), texts).query,
                     golden("transagg_only/query_mask_bool"), unit_tolerance));
    EXPECT_TRUE(
        near(added, golden("transagg_only/query_mask_added"), unit_tolerance));
    const auto target =
        model.targets(tiny_pixels(), Target::original, SumConvention::train);
    EXPECT_TRUE(
        near(target, golden("transagg_only/target_original"), unit_tolerance));
    EXPECT_TRUE(near(logits(added, target),
                     golden("transagg_only/logits_mask_added"),
                     logit_tolerance));
  }
}

TEST(Retriever, UsesTheTrainedBackboneOfACheckpoint) {
  EXPECT_FALSE(near(golden(union_folder + "/image_global"),
                    golden("clip_tiny/image_global"), feature_tolerance));
  EXPECT_TRUE(near(load(union_file).image(tiny_pixels()),
                   golden(union_folder + "/image_global"), feature_tolerance));
  EXPECT_NE(load(union_file).fingerprint(), load(plain_file).fingerprint());
}

void expect_cosines(const Tensor& actual, const Tensor& expected, float least) {
  auto a = actual;
  auto b = expected;
  normalize_rows(a);
  normalize_rows(b);
  for (std::size_t i = 0; i < a.matrix().rows; ++i) {
    float cosine = 0;
    for (std::size_t j = 0; j < a.matrix().columns; ++j)
      cosine += a.matrix().row(i)[j] * b.matrix().row(i)[j];
    EXPECT_GE(cosine, least) << i;
  }
}

TEST(Retriever, StaysCloseInBfloat16) {
  for (const auto& c : union_cases) {
    std::optional<Retriever> model;
    try {
      model = load(c.folder + "/" + c.folder + ".pth", Engine::dnnl,
                   Precision::bf16);
    } catch (const Error& error) {
      ASSERT_EQ(error.kind(), ErrorKind::unsupported);
      GTEST_SKIP() << error.what();
    }
    EXPECT_EQ(model->precision(), Precision::bf16);
    const Pairs pairs(c);
    expect_cosines(model->fuse(pairs.pixels, pairs.texts).query,
                   golden(c.folder + "/query_mask_bool"), c.bf16_cosine);
    for (const auto& [target, name] : targets)
      expect_cosines(
          model->targets(golden(c.pixels), target),
          golden(c.folder + "/target_" + std::string(name) + "_eval"),
          c.bf16_cosine);
  }
}

TEST(Retriever, AnswersManyThreadsAlike) {
  const auto model = load(union_file);
  const auto texts = golden_texts(union_folder);
  std::vector<Tensor> results(4);
  {
    std::vector<std::jthread> threads;
    for (auto& result : results)
      threads.emplace_back([&] {
        const auto targets = model.targets(tiny_pixels(), Target::union_);
        result = model.fuse(tiny_pixels(), texts).query;
        EXPECT_TRUE(near(targets, golden(union_folder + "/target_union_eval"),
                         unit_tolerance));
      });
  }
  const auto expected =
      pick(golden(union_folder + "/query_mask_bool"), first_n(8));
  for (const auto& result : results)
    EXPECT_TRUE(near(result, expected, unit_tolerance));
}

TEST(Retriever, GivesNoRowsForNoInputs) {
  const auto model = load(union_file);
  EXPECT_EQ(model.text({}).shape(), (Shape{0, 32}));
  EXPECT_EQ(model.image(Tensor({0, 3, 64, 64})).shape(), (Shape{0, 32}));
  EXPECT_EQ(model.image_local(Tensor({0, 3, 64, 64})).shape(),
            (Shape{0, 17, 32}));
  EXPECT_EQ(model.fuse(Tensor({0, 3, 64, 64}), {}).weights.shape(),
            (Shape{0, 3}));
}

TEST(Retriever, RefusesWhatItCannotAnswer) {
  const auto plain = load(plain_file);
  const auto model = load(union_file);
  const auto usage = [](auto&& body, const std::string& message) {
    const auto error = error_of(body);
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_THAT(error.what(), HasSubstr(message));
  };
  usage([&] { plain.fuse(tiny_pixels(), golden_texts("clip_tiny")); },
        "no TransAgg fusion");
  usage([&] { plain.targets(tiny_pixels(), Target::union_); }, "no UNION head");
  usage([&] { plain.union_vectors(tiny_pixels(), {}); }, "no UNION head");
  usage([&] { model.fuse(tiny_pixels(), {"one"}); }, "do not make pairs");
  usage([&] { model.image(Tensor({1, 3, 70, 70})); }, "[B, 3, 64, 64]");
  usage([&] { model.image(picture(0)); }, "[B, 3, 64, 64]");
  LoadOptions options;
  options.engine = Engine::plain;
  options.precision = Precision::bf16;
  EXPECT_EQ(
      error_of([&] { Retriever::load(unpacked(plain_file), options); }).kind(),
      ErrorKind::unsupported);
}

Tensor golden_row(const std::string& name, std::size_t i) {
  const std::array row{i};
  return pick(golden(name), row);
}

Tensor unit(Tensor rows) {
  normalize_rows(rows);
  return rows;
}

TEST(Query, GoesThroughTheTrainedFusionWhereThereIsOne) {
  const auto model = load(union_file);
  const auto texts = golden_texts(union_folder);
  Query query;
  query.pictures = {{picture(3), 1}};
  query.text = texts[3];
  EXPECT_TRUE(near(model.query(query),
                   golden_row(union_folder + "/query_mask_bool", 3),
                   unit_tolerance));
  query.mask = Mask::added;
  EXPECT_TRUE(near(model.query(query),
                   golden_row(union_folder + "/query_mask_added", 3),
                   unit_tolerance));
}

TEST(Query, OfAPictureAloneTakesTheEmptyTextInTheTrainedFusion) {
  const auto model = load(union_file);
  Query query;
  query.pictures = {{picture(0), 1}};
  ASSERT_EQ(golden_texts(union_folder)[0], "");
  EXPECT_TRUE(near(model.query(query),
                   golden_row(union_folder + "/query_mask_bool", 0),
                   unit_tolerance));
}

TEST(Query, ReadsOnlyWhatItsFusionReads) {
  const auto model = load(plain_file);
  const auto texts = golden_texts("clip_tiny");
  const auto image = unit(golden_row("clip_tiny/image_global", 3));
  const auto text = unit(golden_row("clip_tiny/text_global", 3));
  Query query;
  query.text = texts[3];
  EXPECT_TRUE(near(model.query(query), text, unit_tolerance));
  query.pictures = {{picture(3), 1}};
  query.fusion = Fusion::image;
  EXPECT_TRUE(near(model.query(query), image, unit_tolerance));
  query.fusion = Fusion::text;
  EXPECT_TRUE(near(model.query(query), text, unit_tolerance));
  query.text.reset();
  query.fusion.reset();
  EXPECT_TRUE(near(model.query(query), image, unit_tolerance));
}

TEST(Query, SumsRawFeaturesOfAPlainModel) {
  const auto model = load(plain_file);
  Query query;
  query.text = golden_texts("clip_tiny")[3];
  query.pictures = {{picture(3), 0.3F}};
  auto expected = golden_row("clip_tiny/image_global", 3);
  const auto text = golden_row("clip_tiny/text_global", 3);
  for (std::size_t i = 0; i < expected.size(); ++i)
    expected.data()[i] += text.data()[i];
  EXPECT_TRUE(near(model.query(query), unit(expected), unit_tolerance));
}

TEST(Query, BlendsPicturesAndTakesNegativesAway) {
  const auto model = load(union_file);
  const auto unit_image = [&](std::size_t i) {
    return unit(golden_row(union_folder + "/image_global", i));
  };
  Query query;
  query.pictures = {{picture(1), 2}, {picture(2), 1}};
  query.negative_pictures = {picture(4)};
  query.negative_texts = {golden_texts(union_folder)[5]};
  query.negative_weight = 0.25F;
  Tensor expected({1, 32});
  for (std::size_t i = 0; i < 32; ++i)
    expected.data()[i] = 2 * unit_image(1).data()[i] + unit_image(2).data()[i];
  normalize_rows(expected);
  const auto text = unit(golden_row(union_folder + "/text_global", 5));
  for (std::size_t i = 0; i < 32; ++i)
    expected.data()[i] -= 0.25F * (unit_image(4).data()[i] + text.data()[i]);
  EXPECT_TRUE(near(model.query(query), unit(expected), unit_tolerance));
}

TEST(Query, IsRefusedWhereItsFusionLacksAPart) {
  const auto model = load(union_file);
  const auto kind = [&](const Query& query) {
    return error_of([&] { model.query(query); }).kind();
  };
  EXPECT_EQ(kind({}), ErrorKind::usage);
  Query only_negative;
  only_negative.negative_texts = {"a dog"};
  EXPECT_EQ(kind(only_negative), ErrorKind::usage);
  Query words;
  words.text = "a dog";
  for (const auto fusion :
       {Fusion::image, Fusion::sum, Fusion::weighted, Fusion::transagg}) {
    words.fusion = fusion;
    EXPECT_EQ(kind(words), ErrorKind::usage);
  }
  Query two;
  two.pictures = {{picture(0), 1}, {picture(1), 1}};
  two.fusion = Fusion::transagg;
  EXPECT_EQ(kind(two), ErrorKind::usage);
  Query wrong;
  wrong.pictures = {{Tensor({3, 70, 70}), 1}};
  EXPECT_EQ(kind(wrong), ErrorKind::usage);
  Query infinite;
  infinite.pictures = {{picture(0), std::numeric_limits<float>::infinity()}};
  EXPECT_EQ(kind(infinite), ErrorKind::usage);
}

}  // namespace
}  // namespace igrot::test
