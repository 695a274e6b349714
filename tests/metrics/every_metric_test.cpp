// What the definitions are, on rankings small enough to work out by hand.
#include "metrics/every_metric.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <limits>

#include "igrot/error.h"
#include "metrics/aspects.h"
#include "metrics/average_precision.h"
#include "metrics/precision.h"
#include "metrics/ranking.h"

namespace igrot {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;

using Rows = std::vector<std::size_t>;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

double value_of(const std::vector<Rows>& ranks, const std::string& name) {
  const std::vector<std::size_t> cuts{1, 2, 5};
  const auto values = every_metric(ranks, {.cuts = cuts});
  return std::ranges::find(values, name, &MetricValue::name)->value;
}

TEST(EveryMetric, HasANameOfItsOwnForEachDefinition) {
  std::vector<std::string> names;
  for (const auto& metric : every_metric({})) {
    names.push_back(metric.name());
    EXPECT_EQ(metric.value, 0) << metric.name();
  }
  std::ranges::sort(names);
  EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
  EXPECT_EQ(names.size(), 9 * usual_cuts.size() + 3);
}

TEST(EveryMetric, AgreesWithWhatIsWorkedByHand) {
  // Three right answers, two of them in the first five places.
  const std::vector<Rows> ranks{{0, 3, 9}};
  EXPECT_DOUBLE_EQ(value_of(ranks, "R@1"), 100);
  EXPECT_DOUBLE_EQ(value_of(ranks, "P@1"), 100);
  EXPECT_DOUBLE_EQ(value_of(ranks, "P@5"), 40);
  EXPECT_DOUBLE_EQ(value_of(ranks, "P@5 capped"), 100 / 3.0);
  EXPECT_DOUBLE_EQ(value_of(ranks, "mAP@5"), 100 * (1 + 2 / 4.0) / 3);
  EXPECT_DOUBLE_EQ(value_of(ranks, "mAP@5 inside"), 100 * (1 + 2 / 4.0) / 2);
  EXPECT_DOUBLE_EQ(value_of(ranks, "mAP@2"), 100 * 1.0 / 2);
  EXPECT_DOUBLE_EQ(value_of(ranks, "mAP@2 inside"), 100);
  EXPECT_DOUBLE_EQ(value_of(ranks, "mAP"), 100 * (1 + 2 / 4.0 + 3 / 10.0) / 3);
  EXPECT_DOUBLE_EQ(value_of(ranks, "mAP@5 trapezoidal"),
                   100 * (1 + (1 / 3.0 + 2 / 4.0) / 2) / 3.00001);
  EXPECT_DOUBLE_EQ(value_of(ranks, "mAP@5 trapezoidal inside"),
                   100 * (1 + (1 / 3.0 + 2 / 4.0) / 2) / 2.00001);
}

TEST(EveryMetric, MakesPrecisionMonotoneInsideTheCutOnly) {
  // Precision at the answers: 1/3, 2/4, 3/5, and 4/6 outside the cut.
  const std::vector<Rows> ranks{{2, 3, 4, 5}};
  EXPECT_DOUBLE_EQ(value_of(ranks, "mAP@5 voc"), 100 * 3 * (3 / 5.0) / 4);
  EXPECT_DOUBLE_EQ(value_of(ranks, "mAP@5 voc inside"), 100 * 3 / 5.0);
  EXPECT_DOUBLE_EQ(value_of(ranks, "mAP voc"), 100 * 4 / 6.0);
}

TEST(EveryMetric, CountsAnswersThatWereNotRankedAsMissed) {
  const std::vector<Rows> ranks{{0, unranked}};
  EXPECT_DOUBLE_EQ(value_of(ranks, "mAP"), 50);
  EXPECT_DOUBLE_EQ(value_of(ranks, "mAP voc"), 50);
  EXPECT_DOUBLE_EQ(value_of(ranks, "mAP trapezoidal"), 100 / 2.00001);
  EXPECT_DOUBLE_EQ(value_of(ranks, "mAP@5"), 50);
  EXPECT_DOUBLE_EQ(value_of({{unranked}}, "R@5"), 0);
}

TEST(Precision, DividesByTheCutEvenBeyondTheGallery) {
  const std::vector<Rows> ranks{{0, 1}, {}};
  EXPECT_DOUBLE_EQ(precision_at(ranks, 1000), 100 * (2 / 1000.0) / 2);
}

TEST(CappedPrecision, DividesByNoMoreThanThereAreAnswers) {
  const std::vector<Rows> ranks{{0, 1}, {1, 7, 8}};
  EXPECT_DOUBLE_EQ(capped_precision_at(ranks, 1), 50);
  EXPECT_DOUBLE_EQ(capped_precision_at(ranks, 100), 100 * (1 + 1 / 3.0) / 2);
}

TEST(CappedPrecision, LeavesOutQueriesWithoutAnswers) {
  const std::vector<Rows> ranks{{0}, {}, {5}};
  EXPECT_DOUBLE_EQ(capped_precision_at(ranks, 5), 50);
  EXPECT_EQ(capped_precision_at(std::vector<Rows>(2), 5), 0);
}

TEST(CutRanks, KeepWhatLiesInsideAndCountTheRestByTheDenominator) {
  const Rows ranks{1, 4, 9};
  EXPECT_THAT(cut_ranks(ranks, 5, CutDenominator::inside), ElementsAre(1, 4));
  EXPECT_THAT(cut_ranks(ranks, 5, CutDenominator::min_k),
              ElementsAre(1, 4, unranked));
  EXPECT_THAT(cut_ranks(ranks, 2, CutDenominator::min_k),
              ElementsAre(1, unranked));
  EXPECT_THAT(cut_ranks({}, 2, CutDenominator::min_k), IsEmpty());
}

TEST(Rounding, TakesHalvesToEven) {
  EXPECT_EQ(two_decimals(0.125), 0.12);
  EXPECT_EQ(two_decimals(0.375), 0.38);
  EXPECT_EQ(two_decimals(83.33333), 83.33);
}

TEST(Ranking, GoesByScoreThenByRow) {
  EXPECT_THAT(ranking_of(std::vector{0.5, 0.9, 0.5, -infinity, 0.9}),
              ElementsAre(1, 4, 0, 2, 3));
  EXPECT_THAT(ranking_of(std::vector{nan, 1.0, nan, 2.0}), ElementsAre(3, 1));
  // Closer than float32 can tell.
  EXPECT_THAT(ranking_of(std::vector{1.0, 1.0 + 1e-12}), ElementsAre(1, 0));
}

TEST(Ranking, IsThatOfTheReferenceWhereScoresAreEqual) {
  EXPECT_THAT(ranking_of(std::vector{0.1, 0.9, 0.9, 0.1, 0.9}),
              ElementsAre(1, 2, 4, 0, 3));
}

TEST(Ranking, MayBeTakenWithoutRowsOrOfSomeOnly) {
  const Rows ranking{4, 2, 0, 1, 3};
  EXPECT_THAT(without_rows(ranking, Rows{0, 4}), ElementsAre(2, 1, 3));
  EXPECT_THAT(only_rows(ranking, Rows{3, 4, 7}), ElementsAre(4, 3));
  EXPECT_THAT(without_rows(ranking, Rows{}), ElementsAre(4, 2, 0, 1, 3));
}

TEST(Ranks, AreThePlacesOfAnswersInARanking) {
  const Rows ranking{4, 2, 0};
  EXPECT_THAT(ranks_in(ranking, Rows{0, 4}), ElementsAre(0, 2));
  EXPECT_THAT(ranks_in(ranking, Rows{2, 2, 9}), ElementsAre(1, unranked));
  EXPECT_THAT(ranks_in(ranking, Rows{}), IsEmpty());
}

TEST(Aspects, AreMeansOverTheQueriesThatHaveThem) {
  const std::vector<Rows> ranks{{0}, {1}, {3, 50}};
  const std::vector<std::vector<std::string>> aspects{
      {"addition", "viewpoint"}, {"viewpoint", "colour"}, {"addition"}};
  const auto means = circo_aspect_means(ranks, aspects);
  const auto of = [&](std::string_view name) {
    return means[static_cast<std::size_t>(
        std::ranges::find(circo_aspects, name) - circo_aspects.begin())];
  };
  EXPECT_THAT(of("viewpoint"), Optional(DoubleEq(100 * (1 + 1 / 2.0) / 2)));
  EXPECT_THAT(of("addition"), Optional(DoubleEq(100 * (1 + 1 / 8.0) / 2)));
  EXPECT_EQ(of("negation"), std::nullopt);
  EXPECT_THROW(circo_aspect_means(ranks, {}), Error);
}

}  // namespace
}  // namespace igrot
