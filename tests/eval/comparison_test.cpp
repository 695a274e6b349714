#include "eval/comparison.h"

#include <gmock/gmock.h>

#include <cmath>

#include "eval/biggest_changes.h"
#include "igrot/error.h"

namespace igrot {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

struct Asked {
  std::string id;
  std::size_t first;
  double value;
};

/// Questions of task "t", split "seen", by one method; the other metric, "P",
/// is a tenth of the value.
EvalRun run_of(const std::string& name, const std::vector<Asked>& asked,
               const std::string& method = "composed") {
  EvalRun run{.name = name, .metrics = {"mAP", "P"}, .questions = {}};
  for (const auto& [id, first, value] : asked)
    run.questions.push_back({.task = "t",
                             .split = "seen",
                             .method = method,
                             .id = id,
                             .first = first,
                             .values = {value, value / 10},
                             .line = run.questions.size()});
  return run;
}

std::string refusal(const EvalRun& a, const EvalRun& b,
                    const ComparisonOptions& options = {}) {
  try {
    compare_runs(a, b, options);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(CompareRuns, TellsMeansWinsAndLossesOfMatchedQuestions) {
  const auto a = run_of("a", {{"x", 1, 1}, {"y", 2, 0.5}, {"z", 4, 0.25}});
  const auto b = run_of("b", {{"z", 2, 0.5}, {"x", 1, 1}, {"y", 4, 0.25}});
  const auto found = compare_runs(a, b, {});
  ASSERT_THAT(found.groups, SizeIs(1));
  EXPECT_EQ(found.groups[0].method, "composed");
  ASSERT_THAT(found.groups[0].metrics, SizeIs(2));
  const auto& metric = found.groups[0].metrics[0];
  EXPECT_EQ(metric.name, "mAP");
  EXPECT_EQ(metric.questions, 3U);
  EXPECT_DOUBLE_EQ(metric.a, 175.0 / 3);
  EXPECT_DOUBLE_EQ(metric.b, 175.0 / 3);
  EXPECT_DOUBLE_EQ(metric.difference, 0);
  EXPECT_EQ(metric.wins, 1U);
  EXPECT_EQ(metric.losses, 1U);
  EXPECT_EQ(metric.ties, 1U);
  EXPECT_EQ(metric.sign(), "=");
  EXPECT_DOUBLE_EQ(metric.sign_p, 1);
}

TEST(CompareRuns, IsSureOfWhatAllQuestionsSay) {
  const auto a = run_of("a", {{"x", 4, 0.25}, {"y", 4, 0.25}});
  const auto b = run_of("b", {{"x", 2, 0.5}, {"y", 2, 0.5}});
  const auto better = compare_runs(a, b, {}).groups[0].metrics[0];
  EXPECT_EQ(better.sign(), "+");
  EXPECT_DOUBLE_EQ(better.interval.low, 25);
  EXPECT_DOUBLE_EQ(better.interval.high, 25);
  EXPECT_EQ(compare_runs(b, a, {}).groups[0].metrics[0].sign(), "-");
}

TEST(CompareRuns, TurnsAroundWithTheRuns) {
  std::vector<Asked> of_a;
  std::vector<Asked> of_b;
  for (std::size_t i = 1; i < 40; ++i) {
    of_a.push_back({std::to_string(i), i, 1 / static_cast<double>(i)});
    of_b.push_back(
        {std::to_string(i), 40 - i, 1 / static_cast<double>(40 - i)});
  }
  of_b.front().value = 0.9;
  const auto a = run_of("a", of_a);
  const auto b = run_of("b", of_b);
  const auto there = compare_runs(a, b, {}).groups[0].metrics[0];
  const auto back = compare_runs(b, a, {}).groups[0].metrics[0];
  EXPECT_EQ(there.difference, -back.difference);
  EXPECT_EQ(there.interval.low, -back.interval.high);
  EXPECT_EQ(there.interval.high, -back.interval.low);
  EXPECT_EQ(there.wins, back.losses);
  EXPECT_EQ(there.ties, back.ties);
}

TEST(CompareRuns, RefusesOtherQuestionsUnlessTheCommonOnesWillDo) {
  const auto a = run_of("old", {{"x", 1, 1}, {"y", 1, 1}});
  const auto b = run_of("new", {{"y", 2, 0.5}, {"z", 1, 1}});
  const auto message = refusal(a, b);
  EXPECT_THAT(message, HasSubstr("old and new were asked different questions"));
  EXPECT_THAT(message, HasSubstr("1 only in the first, 1 only in the second"));
  EXPECT_THAT(message, HasSubstr("t: 'x'"));
  EXPECT_THAT(message, HasSubstr("--common"));
  const auto found = compare_runs(a, b, {.common = true});
  EXPECT_EQ(found.only_a, 1U);
  EXPECT_EQ(found.only_b, 1U);
  EXPECT_EQ(found.groups[0].metrics[0].questions, 1U);
  EXPECT_DOUBLE_EQ(found.groups[0].metrics[0].difference, -50);
  const auto c = run_of("c", {{"w", 1, 1}});
  EXPECT_THAT(refusal(a, c, {.common = true}), HasSubstr("in common"));
}

TEST(CompareRuns, SumsUpSeveralSplits) {
  auto a = run_of("a", {{"x", 1, 1}, {"y", 2, 0.5}});
  auto b = run_of("b", {{"x", 1, 1}, {"y", 1, 1}});
  a.questions[1].split = b.questions[1].split = "unseen";
  const auto found = compare_runs(a, b, {.metrics = {"mAP"}});
  ASSERT_THAT(found.groups, SizeIs(3));
  EXPECT_EQ(found.groups[0].split, "seen");
  EXPECT_EQ(found.groups[1].split, "unseen");
  EXPECT_TRUE(found.groups[2].whole);
  EXPECT_EQ(found.groups[2].metrics[0].questions, 2U);
  EXPECT_DOUBLE_EQ(found.groups[2].metrics[0].difference, 25);
  const auto table = comparison_table(found);
  ASSERT_THAT(table.rows, SizeIs(3));
  EXPECT_THAT(table.rows[2].labels, ElementsAre("all", "", "composed", "mAP"));
  EXPECT_EQ(shown_value(table, table.rows[1], 3), "50.00");
  EXPECT_EQ(shown_value(table, table.rows[1], 6), "+");
}

TEST(CompareRuns, HoldsOneMethodAgainstAnother) {
  const auto a = run_of("a", {{"x", 2, 0.5}}, "image");
  const auto b = run_of("b", {{"x", 1, 1}}, "composed");
  EXPECT_EQ(compare_runs(a, b, {}).groups[0].method, "image -> composed");
  auto both = a;
  both.questions.push_back(b.questions[0]);
  const auto found =
      compare_runs(both, both, {.methods = {{"image", "composed"}}});
  ASSERT_THAT(found.groups, SizeIs(1));
  EXPECT_DOUBLE_EQ(found.groups[0].metrics[0].difference, 50);
  EXPECT_THAT(refusal(a, b, {.methods = {{"sum", "sum"}}}),
              HasSubstr("a: was not asked by the method 'sum'; it has image"));
}

TEST(CompareRuns, LeavesOutQuestionsThatDoNotCount) {
  auto a = run_of("a", {{"x", 2, 0.5}, {"y", 2, 0.5}});
  auto b = run_of("b", {{"x", 1, 1}, {"y", 1, 1}});
  a.questions[0].values[0] = std::nan("");
  b.questions[0].values[0] = std::nan("");
  const auto metric = compare_runs(a, b, {}).groups[0].metrics[0];
  EXPECT_EQ(metric.questions, 1U);
  EXPECT_DOUBLE_EQ(metric.a, 50);
  EXPECT_EQ(metric.wins, 1U);
}

TEST(CompareRuns, RefusesAQuestionThatIsThereTwice) {
  const auto a = run_of("a", {{"x", 1, 1}, {"x", 1, 1}});
  EXPECT_THAT(refusal(a, a), HasSubstr("a: the question 'x' of t is there "
                                       "twice"));
  const auto b = run_of("b", {{"x", 1, 1}});
  EXPECT_THAT(refusal(b, b, {.metrics = {"R@7"}}),
              HasSubstr("b: has no metric 'R@7'; it has mAP, P"));
}

TEST(BiggestChanges, AreOrderedByTheMetricAndThenByRank) {
  const auto a = run_of(
      "a",
      {{"v", 9, 0}, {"w", 3, 0.4}, {"x", 90, 0}, {"y", 1, 1}, {"z", 5, 0.2}});
  const auto b = run_of(
      "b",
      {{"v", 8, 0}, {"w", 1, 1}, {"x", 20, 0}, {"y", 7, 0.1}, {"z", 5, 0.2}});
  const auto changes = biggest_changes(a, b, compare_runs(a, b, {}), "mAP", 3);
  std::vector<std::string> wins;
  for (const auto& change : changes.wins)
    wins.push_back(a.questions[change.a].id);
  EXPECT_THAT(wins, ElementsAre("w", "x", "v"));
  ASSERT_THAT(changes.losses, SizeIs(1));
  EXPECT_EQ(a.questions[changes.losses[0].a].id, "y");
  EXPECT_DOUBLE_EQ(changes.losses[0].difference, -0.9);
  EXPECT_THAT(biggest_changes(a, a, compare_runs(a, a, {}), "mAP", 3).wins,
              IsEmpty());
}

}  // namespace
}  // namespace igrot
