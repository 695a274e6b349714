#include "eval/question_metrics.h"

#include <gmock/gmock.h>

#include <cmath>

namespace igrot {
namespace {

using testing::DoubleEq;

double value(EvalMetrics metrics, std::string_view name,
             const AnswerPlaces& places) {
  const auto metric = std::ranges::find(metrics, name, &EvalMetric::name);
  return metric == metrics.end() ? -1 : metric->value(places);
}

double printed(EvalMetrics metrics, std::string_view name,
               const std::vector<double>& values) {
  const auto metric = std::ranges::find(metrics, name, &EvalMetric::name);
  return metric == metrics.end() ? -1 : printed_percent(*metric, values);
}

TEST(QuestionMetrics, CutAndCapAsTheirNamesSay) {
  const AnswerPlaces places{.right = {0, 3, 249}};
  const auto of = [&](std::string_view name) {
    return value(class_metrics(), name, places);
  };
  EXPECT_THAT(of("P@50"), DoubleEq(2.0 / 50));
  EXPECT_THAT(of("P@100 capped"), DoubleEq(1.0 / 3));  // of the first three
  EXPECT_THAT(of("mAP"), DoubleEq((1 + 2.0 / 4 + 3.0 / 250) / 3));
  EXPECT_THAT(of("mAP@200"), DoubleEq((1 + 2.0 / 4) / 3));
  EXPECT_THAT(of("mAP@200 inside"), DoubleEq((1 + 2.0 / 4) / 2));
  EXPECT_THAT(of("mAP@200 trapezoidal inside"),
              DoubleEq((1 + (1.0 / 3 + 2.0 / 4) / 2) / 2.00001));
  EXPECT_EQ(of("R@1"), 1);
}

TEST(QuestionMetrics, CountAQuestionWithoutAnswersAsZero) {
  for (const auto& metric : class_metrics()) {
    const auto got = metric.value({});
    if (metric.name.ends_with("capped"))
      EXPECT_TRUE(std::isnan(got)) << metric.name;
    else
      EXPECT_EQ(got, 0) << metric.name;
  }
}

TEST(QuestionMetrics, TakeTheMeantAnswerWhereSeveralAreRight) {
  const AnswerPlaces places{.right = {1, 7}, .target = 7};
  EXPECT_EQ(value(truths_metrics(), "R@5", places), 0);
  EXPECT_EQ(value(truths_metrics(), "R@10", places), 1);
  EXPECT_THAT(value(truths_metrics(), "mAP@5", places), DoubleEq(0.5 / 2));
  EXPECT_THAT(value(truths_metrics(), "mAP@10", places),
              DoubleEq((0.5 + 2.0 / 8) / 2));
}

TEST(QuestionMetrics, RankAnswersAmongTheirSubset) {
  const AnswerPlaces places{.right = {9}, .target = 9, .in_subset = 1};
  EXPECT_EQ(value(subset_metrics(), "R@5", places), 0);
  EXPECT_EQ(value(subset_metrics(), "R_subset@1", places), 0);
  EXPECT_EQ(value(subset_metrics(), "R_subset@2", places), 1);
  EXPECT_EQ(value(subset_metrics(), "R_subset@3", places), 1);
}

TEST(Means, LeaveOutWhatDoesNotCount) {
  EXPECT_EQ(mean_percent(std::vector<double>{1, std::nan(""), 0, 0.5}), 50);
  EXPECT_EQ(mean_percent(std::vector<double>{std::nan("")}), 0);
  EXPECT_EQ(mean_percent({}), 0);
}

TEST(Means, RoundAsTheReferencePrograms) {
  // The reference divides float32 numbers: 0.9F is 0.89999997615814209.
  const std::vector<double> nine_of_ten{1, 1, 1, 1, 1, 1, 1, 1, 1, 0};
  EXPECT_EQ(printed(one_answer_metrics(), "R@10", nine_of_ten),
            89.999997615814209);
  EXPECT_EQ(printed(class_metrics(), "R@10", {1, 0, 0}), 33.33);
  EXPECT_EQ(printed(class_metrics(), "mAP trapezoidal", {0.1, 0.10001}), 10);
  EXPECT_EQ(printed(class_metrics(), "P@100", {0.81, 0.82, 0.81}),
            double{81.33F});
  EXPECT_EQ(printed(class_metrics(), "P@100", {}), 0);
}

}  // namespace
}  // namespace igrot
