#include "metrics/average_precision.h"

#include <gtest/gtest.h>

namespace igrot {
namespace {

using Ranks = std::vector<std::size_t>;

TEST(AveragePrecision, IsOneWhenEveryAnswerComesFirst) {
  const Ranks first{0, 1, 2};
  EXPECT_EQ(average_precision(first, AveragePrecision::plain), 1);
  EXPECT_EQ(average_precision(first, AveragePrecision::voc), 1);
  // The reference divides by a little more than the number of answers.
  EXPECT_DOUBLE_EQ(average_precision(first, AveragePrecision::trapezoidal),
                   3 / 3.00001);
}

TEST(AveragePrecision, AgreesWithWhatIsWorkedByHand) {
  // Precision at the answers: 1, 2/3, 3/6; just before them: 1, 1/2, 2/5.
  const Ranks falling{0, 2, 5};
  EXPECT_DOUBLE_EQ(average_precision(falling, AveragePrecision::plain),
                   (1 + 2 / 3.0 + 3 / 6.0) / 3);
  EXPECT_DOUBLE_EQ(
      average_precision(falling, AveragePrecision::trapezoidal),
      (1 + (1 / 2.0 + 2 / 3.0) / 2 + (2 / 5.0 + 3 / 6.0) / 2) / 3.00001);
  EXPECT_DOUBLE_EQ(average_precision(falling, AveragePrecision::voc),
                   average_precision(falling, AveragePrecision::plain));
}

TEST(AveragePrecision, IsMadeMonotoneByVocOnly) {
  // Precision at the answers: 1/2, 2/3; before them: 0, 1/2.
  const Ranks rising{1, 2};
  EXPECT_DOUBLE_EQ(average_precision(rising, AveragePrecision::plain),
                   (1 / 2.0 + 2 / 3.0) / 2);
  EXPECT_DOUBLE_EQ(average_precision(rising, AveragePrecision::voc), 2 / 3.0);
  EXPECT_DOUBLE_EQ(average_precision(rising, AveragePrecision::trapezoidal),
                   (1 / 4.0 + (1 / 2.0 + 2 / 3.0) / 2) / 2.00001);
}

TEST(AveragePrecision, IsTheReferencesWhereTrapezoidal) {
  // compute_ap of the reference's utils.py on places of right answers.
  const auto reference = [](const Ranks& ranks) {
    return average_precision(ranks, AveragePrecision::trapezoidal);
  };
  EXPECT_NEAR(reference({1}), 0.24999750002499974, 1e-12);
  EXPECT_NEAR(reference({3, 4, 9}), 0.23703624691621394, 1e-12);
  EXPECT_NEAR(reference({0, 199}), 0.503753762638222, 1e-12);
  EXPECT_NEAR(reference({10, 20, 30, 40}), 0.07151844895037714, 1e-12);
  EXPECT_EQ(reference({}), 0);
}

TEST(AveragePrecision, OfManyQueriesIsTheMeanInPercent) {
  const std::vector<Ranks> ranks{{0}, {3}, {}};
  EXPECT_DOUBLE_EQ(mean_average_precision(ranks, AveragePrecision::plain),
                   100 * (1 + 0.25 + 0) / 3);
  EXPECT_EQ(mean_average_precision({}, AveragePrecision::plain), 0);
}

}  // namespace
}  // namespace igrot
