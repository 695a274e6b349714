#include "metrics/recall.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <limits>
#include <random>

#include "data/validation_set.h"
#include "formats/npy.h"
#include "igrot/error.h"

namespace igrot {
namespace {

using testing::ElementsAre;

constexpr float nan = std::numeric_limits<float>::quiet_NaN();
constexpr float infinity = std::numeric_limits<float>::infinity();

Tensor small_whole_numbers(std::size_t rows, std::size_t width, unsigned seed) {
  std::mt19937 random(seed);
  Tensor matrix({rows, width});
  for (float& x : matrix.values())
    x = static_cast<float>(static_cast<int>(random() % 5) - 2);
  return matrix;
}

/// A gallery of one number a row, asked with 1: the rows are the scores.
std::size_t rank_among(const std::vector<float>& scores, std::size_t target) {
  const Tensor gallery({scores.size(), 1}, scores);
  const Tensor query({1, 1}, std::vector<float>{1});
  const std::vector<std::size_t> targets{target};
  return target_ranks(query.matrix(), gallery.matrix(), targets, 1).at(0);
}

TEST(TargetRanks, CountTheRowsThatScoreHigher) {
  const std::vector<float> scores{0.5F, 2, -1, 0.75F};
  EXPECT_EQ(rank_among(scores, 1), 0U);
  EXPECT_EQ(rank_among(scores, 3), 1U);
  EXPECT_EQ(rank_among(scores, 0), 2U);
  EXPECT_EQ(rank_among(scores, 2), 3U);
}

TEST(TargetRanks, KeepTheGallerysOrderAmongEqualScores) {
  const std::vector<float> scores{1, 2, 1, 1};
  EXPECT_EQ(rank_among(scores, 0), 1U);
  EXPECT_EQ(rank_among(scores, 2), 2U);
  EXPECT_EQ(rank_among(scores, 3), 3U);
}

TEST(TargetRanks, PutScoresThatAreNoNumbersLast) {
  EXPECT_EQ(rank_among({nan, 1, -infinity}, 0), 2U);
  EXPECT_EQ(rank_among({nan, 1, nan, -infinity}, 3), 1U);
}

TEST(TargetRanks, AgreeWithSortingEveryScore) {
  // Sums of small whole numbers are exact, so ties are many and true ties. The
  // gallery is longer than a block, the width no multiple of a vector.
  const auto gallery = small_whole_numbers(3001, 43, 1);
  const auto queries = small_whole_numbers(40, 43, 2);
  std::vector<std::size_t> targets;
  std::vector<std::size_t> expected;
  for (std::size_t q = 0; q < 40; ++q) {
    targets.push_back(q * 997 % 3001);
    std::vector<std::pair<float, std::size_t>> sorted;
    for (std::size_t g = 0; g < 3001; ++g) {
      float sum = 0;
      for (std::size_t i = 0; i < 43; ++i)
        sum += queries.matrix().row(q)[i] * gallery.matrix().row(g)[i];
      sorted.emplace_back(-sum, g);
    }
    std::ranges::sort(sorted);
    const auto found =
        std::ranges::find(sorted, targets[q], [](auto& x) { return x.second; });
    expected.push_back(static_cast<std::size_t>(found - sorted.begin()));
  }
  for (const std::size_t threads : {1, 2, 7})
    EXPECT_EQ(
        target_ranks(queries.matrix(), gallery.matrix(), targets, threads),
        expected);
}

TEST(TargetRanks, OfTheReferencesScoresGiveItsRecalls) {
  // Asked with a row of the identity's gallery, a score is the score itself.
  // Expected: clip_tiny.original.mask_added.json, "LaSCo val".
  const std::filesystem::path root(IGROT_TEST_GOLDEN "/datasets");
  const auto scores = read_npy_f32(
      root / "expected/scores/clip_tiny.original.mask_added.LaSCo.0.npy");
  const auto set = read_lasco_validation(root / "LaSCo");
  std::vector<std::size_t> targets;
  for (const auto& query : set.queries) targets.push_back(query.target);
  Tensor identity({set.gallery.size(), set.gallery.size()});
  for (std::size_t i = 0; i < set.gallery.size(); ++i)
    identity.values()[i * set.gallery.size() + i] = 1;
  const auto ranks =
      target_ranks(scores.matrix(), identity.matrix(), targets, 2);
  EXPECT_EQ(recall_at(ranks, 1), 12.5);
  EXPECT_EQ(recall_at(ranks, 5), 12.5);
  EXPECT_EQ(recall_at(ranks, 10), 31.25);
  EXPECT_EQ(recall_at(ranks, 50), 100.0);
}

TEST(TargetRanks, RefuseWhatDoesNotFit) {
  const Tensor two({2, 3});
  const Tensor wide({2, 4});
  const std::vector<std::size_t> targets{0, 1};
  const std::vector<std::size_t> beyond{0, 2};
  const auto rank = [&](const Tensor& gallery, const auto& wanted,
                        std::size_t threads) {
    return target_ranks(two.matrix(), gallery.matrix(), wanted, threads);
  };
  EXPECT_THROW(rank(wide, targets, 1), Error);
  EXPECT_THROW(rank(two, beyond, 1), Error);
  EXPECT_THROW(rank(two, std::vector<std::size_t>{0}, 1), Error);
  EXPECT_THROW(rank(two, targets, 0), Error);
  EXPECT_THAT(rank(two, targets, 1), ElementsAre(0, 1));
}

TEST(Recall, IsTheShareOfRanksBelowTheCut) {
  const std::vector<std::size_t> ranks{0, 4, 5, 100};
  EXPECT_EQ(recall_at(ranks, 1), 25.0);
  EXPECT_EQ(recall_at(ranks, 5), 50.0);
  EXPECT_EQ(recall_at(ranks, 6), 75.0);
  EXPECT_EQ(recall_at({}, 5), 0.0);
}

TEST(Metrics, AreRecallsAndTheirMeans) {
  const std::vector<std::size_t> ranks{0, 4, 5, 100};
  EXPECT_EQ(evaluate_metric("R@5", ranks), 50.0);
  EXPECT_EQ(evaluate_metric("mean(R@1,R@5,R@6)", ranks), 50.0);
  EXPECT_EQ(evaluate_metric(" mean ( R@1 , R@6 ) ", ranks), 50.0);
  EXPECT_EQ(evaluate_metric("mean(R@6)", ranks), 75.0);
}

TEST(Metrics, RefuseOtherFormulas) {
  for (const auto* formula :
       {"", "R", "R@", "R@0", "R@-1", "R@ 5", "R@5x", "r@5", "R@1,R@5", "mean",
        "mean()", "mean(R@1", "mean(R@1,)", "mean(,R@1)", "mean(R@1 R@5)",
        "mean(mean(R@1))", "max(R@1)", "R@99999999999999999999"})
    EXPECT_THROW(evaluate_metric(formula, {}), Error) << formula;
}

}  // namespace
}  // namespace igrot
