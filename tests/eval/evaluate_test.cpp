#include "eval/evaluate.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "eval/answer_places.h"
#include "eval/benchmarks.h"
#include "eval/groups.h"
#include "igrot/error.h"
#include "tests/eval/small_benchmark.h"
#include "tests/models/golden.h"

namespace igrot {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Lt;
using testing::SizeIs;

namespace fs = std::filesystem;

class Evaluate : public testing::Test {
 protected:
  static Retriever load() {
    LoadOptions options;
    options.activation = "quick_gelu";
    return Retriever::load(
        test::unpacked("clip_tiny_union/clip_tiny_union.pth"), options);
  }

  std::vector<EvalTask> tasks(std::string_view name) const {
    return read_tasks(find_benchmark(name), folder_.path(), {});
  }

  Evaluation ask(std::string_view name, const EvalOptions& options) const {
    EvalHooks hooks;
    hooks.runtime.threads = 2;
    hooks.runtime.warn = [this](std::string_view sentence) {
      warnings_.emplace_back(sentence);
    };
    return evaluate(model_, tasks(name), options, hooks).value();
  }

  /// One picture, ready for the model.
  Tensor pixels(const fs::path& file) const {
    auto one = read_pixels(file, model_.preprocess(), {});
    return std::move(one).reshaped({1, 3, model_.side(), model_.side()});
  }

  TemporaryFolder folder_;
  test::SmallBenchmark benchmark_{folder_.path()};
  Retriever model_ = load();
  mutable std::vector<std::string> warnings_;
};

/// Of every question, the places of its right answers.
std::vector<std::vector<std::size_t>> ranks_of(const Evaluation& found,
                                               const EvalRanking& ranking) {
  std::vector<std::vector<std::size_t>> ranks;
  for (auto& places :
       answer_places(found.tasks[ranking.task].questions,
                     ranking.queries.matrix(), ranking.gallery->matrix(), 2))
    ranks.push_back(places.right);
  return ranks;
}

/// Places of the relevant rows when rows are sorted by score.
std::vector<std::size_t> sorted_ranks(const EvalQuestion& question,
                                      const std::vector<double>& scores) {
  std::vector<std::pair<double, std::size_t>> sorted;
  for (std::size_t row = 0; row < scores.size(); ++row)
    if (std::ranges::count(question.removed, row) == 0)
      sorted.emplace_back(-scores[row], row);
  std::ranges::sort(sorted);
  std::vector<std::size_t> ranks;
  for (std::size_t place = 0; place < sorted.size(); ++place)
    if (std::ranges::count(question.relevant, sorted[place].second) > 0)
      ranks.push_back(place);
  return ranks;
}

double dot(const Tensor& a, const Tensor& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    sum += double{a.data()[i]} * double{b.data()[i]};
  return sum;
}

TEST_F(Evaluate, FindsTheSamePixelsFirst) {
  EvalOptions options;
  options.methods = {Fusion::image};
  const auto found = ask("emoji-sbir", options);
  ASSERT_THAT(found.rankings, SizeIs(4));
  const auto& ranking = found.rankings[0];
  EXPECT_EQ(found.tasks[ranking.task].name, "line-openmoji");
  EXPECT_THAT(ranking.first, testing::Each(0U));
  for (const auto& values : ranking.values)
    EXPECT_THAT(values, SizeIs(emoji_metrics().size()));
  EXPECT_THAT(warnings_, SizeIs(0));
}

TEST_F(Evaluate, WithWordsAloneRanksEveryQuestionAlike) {
  EvalOptions options;
  options.methods = {Fusion::text};
  const auto found = ask("emoji-sbir", options);
  // Three questions with one text: their answers fill the gallery.
  std::vector<std::size_t> places;
  for (const auto& ranks : ranks_of(found, found.rankings[0]))
    places.insert(places.end(), ranks.begin(), ranks.end());
  EXPECT_THAT(places, testing::UnorderedElementsAre(0, 1, 2, 3));
}

TEST_F(Evaluate, AnswersAsTheModelItself) {
  EvalOptions options;
  options.methods = {Fusion::image, Fusion::text, Fusion::sum,
                     Fusion::transagg};
  for (const auto target : {Target::original, Target::sum, Target::union_}) {
    options.target = target;
    const auto found = ask("emoji-cir", options);
    const auto& task = found.tasks.at(0);
    ASSERT_THAT(found.rankings, SizeIs(4));
    for (const auto& ranking : found.rankings) {
      const auto ranks = ranks_of(found, ranking);
      for (std::size_t q = 0; q < task.questions.size(); ++q) {
        const auto& question = task.questions[q];
        Query query;
        query.pictures.push_back(
            {pixels(question.picture)
                 .reshaped({3, model_.side(), model_.side()})});
        query.text = question.text;
        query.fusion = ranking.method;
        const auto asked = model_.query(query);
        std::vector<double> scores;
        for (const auto& file : task.gallery) {
          auto vector =
              model_.targets(pixels(file), target_of(ranking.method, options));
          normalize_rows(vector);
          scores.push_back(dot(asked, vector));
        }
        EXPECT_EQ(ranks[q], sorted_ranks(question, scores))
            << name_of(eval_methods, ranking.method) << q;
      }
    }
  }
}

TEST_F(Evaluate, LeavesTrainedSumsAsTheyAre) {
  // Then the empty text adds the same to every score, so ranks are those of
  // the pictures alone.
  EvalOptions options;
  options.methods = {Fusion::transagg};
  const auto original = ask("emoji-cir", options);
  options.target = Target::sum;
  options.convention = SumConvention::train;
  const auto sum = ask("emoji-cir", options);
  EXPECT_EQ(ranks_of(sum, sum.rankings[0]),
            ranks_of(original, original.rankings[0]));
}

TEST_F(Evaluate, LeavesOutWhatCannotBeRead) {
  fs::remove(benchmark_ / "noto/B.png");
  std::ofstream(benchmark_ / "openmoji/C.png") << "no picture";
  EvalOptions options;
  options.methods = {Fusion::sum, Fusion::transagg};
  const auto found = ask("emoji-cir", options);
  EXPECT_THAT(found.missing, ElementsAre(benchmark_ / "noto/B.png",
                                         benchmark_ / "openmoji/C.png"));
  EXPECT_EQ(found.left_out, 1U);
  ASSERT_THAT(found.tasks[0].questions, SizeIs(2));
  EXPECT_THAT(found.tasks[0].gallery, SizeIs(8));
  EXPECT_THAT(found.tasks[0].questions[1].relevant, ElementsAre(4, 5));
  // Each is told once, though both methods need it.
  EXPECT_THAT(warnings_, SizeIs(2));
  EXPECT_THAT(warnings_, Contains(HasSubstr("openmoji/C.png")));
  for (const auto& ranks : ranks_of(found, found.rankings[1]))
    EXPECT_THAT(ranks, testing::Each(Lt(8U)));
}

TEST_F(Evaluate, RefusesToAskNothing) {
  for (const auto* hand : {"noto", "openmoji", "line"})
    fs::remove_all(benchmark_ / hand);
  EvalOptions options;
  options.methods = {Fusion::image};
  EXPECT_THROW(ask("emoji-cir", options), Error);
}

TEST_F(Evaluate, StopsWhenAsked) {
  EvalOptions options;
  options.methods = {Fusion::image, Fusion::transagg};
  options.target = Target::union_;
  std::set<std::string> stages;
  EvalHooks hooks;
  hooks.runtime.threads = 1;
  hooks.stage = [&](std::string_view doing, std::size_t, std::size_t) {
    stages.emplace(doing);
    return true;
  };
  ASSERT_TRUE(evaluate(model_, tasks("emoji-cir"), options, hooks));
  EXPECT_THAT(stages, SizeIs(4));
  for (const auto& last : stages) {
    hooks.stage = [&](std::string_view doing, std::size_t, std::size_t) {
      return doing != last;
    };
    EXPECT_FALSE(evaluate(model_, tasks("emoji-cir"), options, hooks)) << last;
  }
}

TEST_F(Evaluate, GroupsQuestionsBySplitAndKind) {
  EvalOptions options;
  options.methods = {Fusion::transagg};
  const auto groups = eval_groups(ask("emoji-cir", options));
  std::map<std::string, std::size_t> counts;
  for (const auto& group : groups) counts[group.path()] = group.questions;
  EXPECT_EQ(counts, (std::map<std::string, std::size_t>{
                        {"cir/seen/composed", 2},
                        {"cir/unseen/composed", 1},
                        {"cir/seen/skin tone/composed", 1},
                        {"cir/seen/hand/composed", 1},
                        {"cir/unseen/hand/composed", 1}}));
  // Ten pictures less the reference: all answers are in the first fifty.
  for (const auto& group : groups) EXPECT_EQ(group.value("R@50"), 100);
}

}  // namespace
}  // namespace igrot
