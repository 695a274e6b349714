// What a run does besides its numbers.
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "formats/checkpoint.h"
#include "igrot/retriever.h"
#include "igrot/tokenizer.h"
#include "tests/trainer/small_run.h"

namespace igrot::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

class Run : public testing::Test {
 protected:
  TrainRequest request() const {
    return small_run(folder_.path(), folder_ / "out");
  }

  std::vector<double> losses() const {
    std::vector<double> losses;
    for (const auto& line : read_lines(folder_ / "out/steps.jsonl"))
      losses.push_back(line["loss"]);
    return losses;
  }

  TemporaryFolder folder_;
};

double mean_of(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

TEST_F(Run, LearnsTheTripletsItIsShown) {
  auto request = this->request();
  request.config.augment = {};
  request.config.train.epochs = 10;
  train(request, two_threads());
  const auto all = losses();
  ASSERT_THAT(all, SizeIs(40));
  EXPECT_LT(mean_of(std::span(all).last(4)), mean_of(std::span(all).first(4)));
}

TEST_F(Run, DependsOnTheSeedAlone) {
  const auto run = [&](std::uint64_t seed, std::size_t loaders) {
    auto request = this->request();
    request.config.train.max_steps = 3;
    request.config.train.seed = seed;
    request.config.train.loader_threads = loaders;
    train(request, two_threads());
    auto result = losses();
    fs::remove_all(request.out);
    return result;
  };
  const auto first = run(1, 1);
  EXPECT_EQ(first, run(1, 3));
  EXPECT_NE(first, run(2, 1));
}

TEST_F(Run, NamesUnreadablePicturesAndGoesOnWithoutThem) {
  auto request = this->request();
  request.config.train.shuffle = false;
  request.config.train.epochs = 1;
  std::ofstream(folder_ / "broken.png") << "no picture";
  std::ofstream more(request.config.data.triplets, std::ios::app);
  for (const char* bad : {"missing.png", "broken.png"})
    more << nlohmann::json{{"reference", bad},
                           {"text", "x"},
                           {"target", picture("tgt", 0)}}
                .dump()
         << "\n";
  for (std::size_t i = 0; i < 2; ++i)
    more << nlohmann::json{{"reference", picture("ref", i)},
                           {"text", "y"},
                           {"target", picture("tgt", i)}}
                .dump()
         << "\n";
  more.close();
  std::vector<std::string> warnings;
  auto hooks = two_threads();
  hooks.runtime.warn = [&](std::string_view sentence) {
    warnings.emplace_back(sentence);
  };
  const auto result = train(request, hooks);
  EXPECT_EQ(result.steps, 5U);
  EXPECT_EQ(result.skipped, 2U);
  EXPECT_THAT(warnings, Contains(HasSubstr("missing.png")));
  EXPECT_THAT(warnings, Contains(HasSubstr("broken.png")));

  fs::remove_all(request.out);
  request.config.train.skip_limit = 1;
  try {
    train(request, hooks);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::corrupt);
    EXPECT_THAT(error.what(), HasSubstr("skip_limit"));
  }
}

TEST_F(Run, WithoutAStepWritesTheModelItWouldStartFrom) {
  auto request = this->request();
  request.config.train.epochs = 0;
  train(request, two_threads());
  const auto start = Retriever::load(request.config.model.init);
  EXPECT_EQ(Retriever::load(request.out / "last.safetensors").fingerprint(),
            start.fingerprint());
}

TEST_F(Run, AddsFusionAndHeadToAPlainClip) {
  auto request = this->request();
  request.config.model.init = unpacked("clip_tiny/clip_tiny.state_dict.pth");
  request.config.train.epochs = 0;
  train(request, two_threads());
  const auto model = Retriever::load(request.out / "last.pth");
  EXPECT_EQ(model.info().layout, "union");
  EXPECT_TRUE(model.has_fusion());
  EXPECT_TRUE(model.has_union_head());
}

TEST_F(Run, ScoresEveryEpochAndKeepsTheBest) {
  auto request = this->request();
  request.config.validation.emplace();
  request.config.validation->triplets = request.config.data.triplets;
  request.config.validation->metric = "mean(R@1,R@5)";
  std::vector<std::string> said;
  auto hooks = two_threads();
  hooks.say = [&](std::string_view sentence) { said.emplace_back(sentence); };
  const auto result = train(request, hooks);
  ASSERT_TRUE(result.best_score);
  EXPECT_THAT(said, SizeIs(3));
  EXPECT_THAT(said, Contains(HasSubstr("the best so far")));
  double best = 0;
  for (const auto& row : read_json(request.out / "state/scores.json"))
    best = std::max(best, row["score"].get<double>());
  EXPECT_EQ(*result.best_score, best);
}

TEST_F(Run, EndsEarlyWithoutImprovement) {
  auto request = this->request();
  request.config.train.learning_rate = 0;
  request.config.train.backbone_learning_rate = 0;
  request.config.train.weight_decay = 0;
  request.config.train.epochs = 9;
  request.config.train.early_stop = 2;
  request.config.validation.emplace();
  request.config.validation->triplets = request.config.data.triplets;
  request.config.validation->metric = "R@50";
  const auto result = train(request, two_threads());
  EXPECT_EQ(result.steps, 3U * 4U);
}

TEST_F(Run, RefusesFewerSamplesThanABatch) {
  auto request = this->request();
  request.config.train.batch_size = 17;
  EXPECT_THROW(train(request, two_threads()), Error);
  // What never began stands in nobody's way.
  request.config.train.batch_size = 16;
  request.config.train.max_steps = 1;
  EXPECT_EQ(train(request, two_threads()).steps, 1U);
}

TEST_F(Run, TrainsWithProductsInBfloat16) {
  const auto run = [&](TrainPrecision precision) {
    auto request = this->request();
    request.config.train.precision = precision;
    request.config.train.max_steps = 2;
    train(request, two_threads());
    auto result = losses();
    fs::remove_all(request.out);
    return result;
  };
  const auto exact = run(TrainPrecision::f32);
  const auto rounded = run(TrainPrecision::bf16);
  ASSERT_EQ(exact.size(), rounded.size());
  for (std::size_t i = 0; i < exact.size(); ++i) {
    EXPECT_NE(exact[i], rounded[i]);
    // Logits up to 100 from numbers of 8 bits.
    EXPECT_NEAR(exact[i], rounded[i], 0.05 * exact[i] + 0.5);
  }
}

TEST_F(Run, RefusesFloat16WithoutAGpu) {
  auto request = this->request();
  request.config.train.precision = TrainPrecision::f16;
  request.config.train.device = Device::cpu;
  try {
    train(request, two_threads());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::unsupported);
  }
}

class FrozenTowers : public Run,
                     public testing::WithParamInterface<TrainedEncoder> {};

// The products of a step and of the cache have other numbers of rows.
TEST_P(FrozenTowers, GiveTheSameRunWithAndWithoutTheirCache) {
  const auto run = [&](bool cache) {
    auto request = this->request();
    request.config.augment = {};
    request.config.train.encoder = GetParam();
    request.config.train.cache_features = cache;
    train(request, two_threads());
    EXPECT_EQ(fs::exists(request.out / "state/reference_features.npy"), cache);
    auto result = losses();
    fs::remove_all(request.out);
    return result;
  };
  const auto cached = run(true);
  const auto computed = run(false);
  ASSERT_EQ(cached.size(), computed.size());
  for (std::size_t i = 0; i < cached.size(); ++i)
    EXPECT_NEAR(cached[i], computed[i], 1e-3) << i;
}

INSTANTIATE_TEST_SUITE_P(Both, FrozenTowers,
                         testing::Values(TrainedEncoder::text,
                                         TrainedEncoder::neither));

/// Mode `clip` from nothing over the same pictures.
TrainRequest clip_run(const fs::path& folder) {
  const auto texts = read_json(train_golden() / "texts.json");
  std::ofstream out(folder / "pairs.jsonl");
  for (std::size_t i = 0; i < texts.size(); ++i) {
    nlohmann::json line{{"image", picture("ref", i)}, {"text", texts[i]}};
    if (i % 2 == 0) line["other"] = picture("tgt", i);
    out << line.dump() << "\n";
  }
  TrainRequest request;
  request.out = folder / "out";
  auto& config = request.config;
  config.model.fresh = NewModelConfig{.width = 32,
                                      .side = 32,
                                      .patch = 8,
                                      .image_width = 64,
                                      .image_layers = 2,
                                      .text_width = 64,
                                      .text_layers = 1};
  config.data.pairs = folder / "pairs.jsonl";
  config.train.mode = TrainMode::clip;
  config.train.epochs = 15;
  config.train.batch_size = 8;
  config.train.learning_rate = 1e-3;
  return request;
}

TEST_F(Run, TrainsAClipFromNothing) {
  const auto request = clip_run(folder_.path());
  train(request, two_threads());
  const auto all = losses();
  EXPECT_LT(mean_of(std::span(all).last(4)),
            0.8 * mean_of(std::span(all).first(4)));
  const auto model = Retriever::load(request.out / "last.safetensors");
  EXPECT_EQ(model.info().layout, "openai");
  EXPECT_FALSE(model.has_fusion());
  const auto file = Checkpoint::open(request.out / "last.safetensors");
  const auto* scale = file.find("logit_scale");
  ASSERT_TRUE(scale);
  EXPECT_NE(scale->to_tensor().values()[0], std::log(1 / 0.07F));
}

TEST_F(Run, WordsThatNoSampleHasStaySilent) {
  auto request = clip_run(folder_.path());
  request.config.model.fresh->silent_words = true;
  request.config.train.epochs = 1;
  train(request, two_threads());
  const auto model = Retriever::load(request.out / "last.safetensors");
  const auto table = Checkpoint::open(request.out / "last.safetensors")
                         .find("token_embedding.weight")
                         ->to_tensor();
  const auto rows = table.matrix();
  std::set<std::size_t> used;
  for (const auto& text : read_json(train_golden() / "texts.json"))
    for (const auto id :
         Tokenizer::clip().encode(text.get<std::string>(), 77).ids)
      used.insert(static_cast<std::size_t>(id));
  std::size_t loud = 0;
  for (std::size_t id = 0; id < rows.rows; ++id)
    loud += std::ranges::any_of(rows.row(id), [](float v) { return v != 0; });
  EXPECT_EQ(loud, used.size());
  for (const auto id : used)
    EXPECT_TRUE(std::ranges::any_of(rows.row(id), [](float v) {
      return v != 0;
    })) << id;
}

TEST_F(Run, ComposesOnAClipItHasTrained) {
  auto first = clip_run(folder_.path());
  first.config.train.epochs = 1;
  train(first, two_threads());
  auto second = small_run(folder_.path(), folder_ / "second");
  second.config.model.init = first.out / "last.safetensors";
  second.config.model.activation = "";
  second.config.train.epochs = 1;
  EXPECT_EQ(train(second, two_threads()).steps, 4U);
}

}  // namespace
}  // namespace igrot::test
