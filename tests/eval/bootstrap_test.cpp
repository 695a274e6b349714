#include "eval/bootstrap.h"

#include <gmock/gmock.h>

#include <cmath>

#include "base/random.h"

namespace igrot {
namespace {

Interval interval_of(std::vector<double> differences,
                     const BootstrapOptions& options = {}) {
  return bootstrap_intervals({std::move(differences)}, options).front();
}

// Of two questions that differ by 0 and 1 a sample's mean is 0, 1/2 or 1, in a
// quarter, a half and a quarter of the samples.
TEST(Bootstrap, CutsOffAsManySamplesOnEitherSide) {
  const auto most = interval_of({0, 1});
  EXPECT_EQ(most.low, 0);
  EXPECT_EQ(most.high, 1);
  const auto middle = interval_of({0, 1}, {.confidence = 0.4});
  EXPECT_EQ(middle.low, 0.5);
  EXPECT_EQ(middle.high, 0.5);
}

// How often the one that differs is drawn is binomial, of 4 and 1/4: never in
// 32 % of the samples, 2 times at most in 94.9 %, 3 times at most in 99.6 %.
TEST(Bootstrap, FollowsTheBinomialDistributionOfOneQuestion) {
  const auto interval = interval_of({0, 0, 0, 4});
  EXPECT_EQ(interval.low, 0);
  EXPECT_EQ(interval.high, 3);
}

TEST(Bootstrap, IsSureWhereAllQuestionsAgree) {
  const auto interval = interval_of({0.25, 0.25, 0.25});
  EXPECT_EQ(interval.low, 0.25);
  EXPECT_EQ(interval.high, 0.25);
}

TEST(Bootstrap, TurnsAroundWithTheRuns) {
  std::vector<double> forward;
  std::vector<double> backward;
  Random random(1);
  for (int i = 0; i < 101; ++i) {
    forward.push_back(random.uniform(-1, 1.5));
    backward.push_back(-forward.back());
  }
  const auto there = interval_of(forward, {.samples = 999});
  const auto back = interval_of(backward, {.samples = 999});
  EXPECT_EQ(there.low, -back.high);
  EXPECT_EQ(there.high, -back.low);
}

TEST(Bootstrap, CoversAKnownMeanAboutAsOftenAsItSays) {
  constexpr int experiments = 200;
  constexpr double mean = 0.3;
  Random random(7);
  int covered = 0;
  for (int i = 0; i < experiments; ++i) {
    std::vector<double> differences;
    for (int q = 0; q < 60; ++q) differences.push_back(mean + random.normal());
    const auto interval = interval_of(differences, {.samples = 500});
    covered += interval.low <= mean && mean <= interval.high ? 1 : 0;
  }
  // 190 are expected; 12 is four standard deviations.
  EXPECT_NEAR(covered, 190, 12);
}

TEST(Bootstrap, LeavesOutWhatDoesNotCount) {
  const double nothing = std::nan("");
  const auto some = interval_of({nothing, 0.25, nothing, 0.25});
  EXPECT_EQ(some.low, 0.25);
  EXPECT_EQ(some.high, 0.25);
  const auto none = interval_of({nothing});
  EXPECT_EQ(none.low, 0);
  EXPECT_EQ(none.high, 0);
}

TEST(Bootstrap, DependsOnTheSeedAlone) {
  std::vector<double> differences;
  for (int q = 0; q < 50; ++q) differences.push_back(std::sin(q));
  const auto once = interval_of(differences);
  const auto again = interval_of(differences);
  const auto other = interval_of(differences, {.seed = 1});
  EXPECT_EQ(once.low, again.low);
  EXPECT_EQ(once.high, again.high);
  EXPECT_NE(once.low, other.low);
  EXPECT_NEAR(once.low, other.low, 0.02);
}

TEST(SignTest, IsTheTwoTailsOfTheBinomialDistribution) {
  EXPECT_DOUBLE_EQ(sign_test(0, 0), 1);
  EXPECT_DOUBLE_EQ(sign_test(2, 2), 1);
  EXPECT_NEAR(sign_test(5, 0), 2.0 / 32, 1e-12);
  EXPECT_NEAR(sign_test(3, 1), 2.0 * (1 + 4) / 16, 1e-12);
  EXPECT_DOUBLE_EQ(sign_test(1, 9), sign_test(9, 1));
}

}  // namespace
}  // namespace igrot
