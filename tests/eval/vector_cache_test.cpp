#include "eval/vector_cache.h"

#include <gmock/gmock.h>

#include <fstream>

#include "eval/benchmarks.h"
#include "eval/evaluate.h"
#include "tests/eval/small_benchmark.h"
#include "tests/models/golden.h"

namespace igrot {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

namespace fs = std::filesystem;

class KeptVectors : public testing::Test {
 protected:
  static Retriever load() {
    LoadOptions options;
    options.activation = "quick_gelu";
    return Retriever::load(
        test::unpacked("clip_tiny_union/clip_tiny_union.pth"), options);
  }

  static EvalOptions all_methods() {
    EvalOptions options;
    options.methods = {Fusion::image, Fusion::text, Fusion::sum,
                       Fusion::transagg};
    options.target = Target::union_;
    return options;
  }

  EvalHooks hooks() const {
    EvalHooks hooks;
    hooks.runtime.threads = 2;
    hooks.runtime.warn = [this](std::string_view sentence) {
      warnings_.emplace_back(sentence);
    };
    return hooks;
  }
  EvalHooks keeping() const {
    auto keeps = hooks();
    keeps.cache = {.folder = cache_, .computed_by = "dnnl"};
    return keeps;
  }

  Evaluation ask(const EvalHooks& hooks,
                 const EvalOptions& options = all_methods()) const {
    return evaluate(model_,
                    read_tasks(find_benchmark("emoji-cir"), folder_.path(), {}),
                    options, hooks)
        .value();
  }

  /// Other bytes in a file that looks untouched.
  static void spoil(const fs::path& file) {
    const auto time = fs::last_write_time(file);
    const auto size = fs::file_size(file);
    std::ofstream(file, std::ios::binary) << std::string(size, 'x');
    fs::last_write_time(file, time);
  }

  TemporaryFolder folder_;
  TemporaryFolder kept_;
  fs::path cache_ = kept_.path() / "vectors";
  test::SmallBenchmark benchmark_{folder_.path()};
  Retriever model_ = load();
  mutable std::vector<std::string> warnings_;
};

std::vector<std::vector<double>> values_of(const Evaluation& found) {
  std::vector<std::vector<double>> all;
  for (const auto& ranking : found.rankings)
    all.insert(all.end(), ranking.values.begin(), ranking.values.end());
  return all;
}

void expect_same(const Evaluation& found, const Evaluation& expected) {
  EXPECT_EQ(values_of(found), values_of(expected));
  ASSERT_EQ(found.rankings.size(), expected.rankings.size());
  for (std::size_t i = 0; i < found.rankings.size(); ++i) {
    const auto& a = found.rankings[i];
    const auto& b = expected.rankings[i];
    EXPECT_THAT(a.queries.values(),
                testing::ElementsAreArray(b.queries.values()));
    EXPECT_THAT(a.gallery->values(),
                testing::ElementsAreArray(b.gallery->values()));
  }
}

TEST_F(KeptVectors, GiveTheSameEvaluationWithoutReadingPictures) {
  const auto plain = ask(hooks());
  expect_same(ask(keeping()), plain);
  for (const auto& entry : fs::recursive_directory_iterator(folder_.path()))
    if (entry.path().extension() == ".png") spoil(entry.path());
  expect_same(ask(keeping()), plain);
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(KeptVectors, FollowThePicturesContent) {
  ask(keeping());
  write_png(benchmark_ / "noto/A.png", test::colour_square(1, 2, 3));
  fs::remove(benchmark_ / "noto/B.png");
  fs::rename(benchmark_ / "noto/C.png", benchmark_ / "noto/B.png");
  write_png(benchmark_ / "noto/C.png", test::colour_square(9, 200, 90));
  expect_same(ask(keeping()), ask(hooks()));
}

TEST_F(KeptVectors, BelongToTheSettingsTheyWereMadeWith) {
  auto options = all_methods();
  for (const auto target : {Target::union_, Target::sum, Target::original})
    for (const float share : {0.0F, 0.5F})
      for (const auto mask : {Mask::boolean, Mask::added}) {
        options.target = target;
        options.union_share = share;
        options.mask = mask;
        expect_same(ask(keeping(), options), ask(hooks(), options));
      }
}

TEST_F(KeptVectors, OfAnEvaluationThatWasStoppedAreUsed) {
  const auto plain = ask(hooks());
  auto stopped = keeping();
  stopped.stage = [](std::string_view doing, std::size_t, std::size_t) {
    return doing != "composing questions";
  };
  const auto tasks =
      read_tasks(find_benchmark("emoji-cir"), folder_.path(), {});
  EXPECT_FALSE(evaluate(model_, tasks, all_methods(), stopped).has_value());
  for (const auto& entry : fs::directory_iterator(benchmark_ / "emojione"))
    spoil(entry.path());
  const auto resumed = ask(keeping());
  expect_same(resumed, plain);
  EXPECT_THAT(resumed.missing, IsEmpty());
}

TEST_F(KeptVectors, ThatCannotBeKeptAreOnlyWarnedOf) {
  std::ofstream(cache_) << "not a folder";
  expect_same(ask(keeping()), ask(hooks()));
  EXPECT_THAT(warnings_, Contains(HasSubstr("vectors are not kept")));
}

TEST_F(KeptVectors, SayWhatTheyAre) {
  ask(keeping());
  std::string about;
  for (const auto& entry : fs::directory_iterator(cache_))
    if (entry.path().extension() == ".txt") {
      std::ifstream in(entry.path());
      about += std::string(std::istreambuf_iterator<char>(in), {});
    }
  EXPECT_THAT(about, HasSubstr("target union"));
  EXPECT_THAT(about, HasSubstr("weights " + model_.fingerprint()));
}

}  // namespace
}  // namespace igrot
