#include "metrics/relevant_ranks.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <limits>
#include <random>

#include "igrot/error.h"
#include "metrics/recall.h"
#include "metrics/scores.h"

namespace igrot {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Rows = std::vector<std::size_t>;

constexpr float nan = std::numeric_limits<float>::quiet_NaN();
constexpr float infinity = std::numeric_limits<float>::infinity();

/// A gallery of one number a row, asked with 1: the rows are the scores.
Rows ranks_among(const std::vector<float>& scores, const Rows& relevant,
                 const Rows& removed = {}) {
  const Tensor gallery({scores.size(), 1}, scores);
  const Tensor query({1, 1}, std::vector<float>{1});
  return relevant_ranks(query.matrix(), gallery.matrix(),
                        std::vector<Rows>{relevant}, std::vector<Rows>{removed},
                        1)
      .at(0);
}

TEST(RelevantRanks, CountTheRowsBeforeEachAnswer) {
  const std::vector<float> scores{0.5F, 2, -1, 0.75F};
  EXPECT_THAT(ranks_among(scores, {0}), ElementsAre(2));
  EXPECT_THAT(ranks_among(scores, {0, 1}), ElementsAre(0, 2));
  EXPECT_THAT(ranks_among(scores, {2, 3, 1}), ElementsAre(0, 1, 3));
  EXPECT_THAT(ranks_among(scores, {}), IsEmpty());
}

TEST(RelevantRanks, KeepTheGallerysOrderAmongEqualScores) {
  const std::vector<float> scores{1, 2, 1, 1};
  EXPECT_THAT(ranks_among(scores, {3, 0}), ElementsAre(1, 3));
  EXPECT_THAT(ranks_among(scores, {2}), ElementsAre(2));
}

TEST(RelevantRanks, AreThoseOfTheGalleryWithoutRemovedRows) {
  const std::vector<float> scores{5, 4, 3, 2, 1};
  EXPECT_THAT(ranks_among(scores, {2, 4}, {0, 3}), ElementsAre(1, 2));
  EXPECT_THAT(ranks_among(scores, {2}, {4}), ElementsAre(2));
}

TEST(RelevantRanks, TakeRowsThatAreNamedTwiceOnce) {
  const std::vector<float> scores{5, 4, 3};
  EXPECT_THAT(ranks_among(scores, {2, 2, 1}, {0, 0}), ElementsAre(0, 1));
}

TEST(RelevantRanks, LeaveOutAnswersThatAreRemoved) {
  EXPECT_THAT(ranks_among({5, 4, 3}, {0, 2}, {0}), ElementsAre(1));
  EXPECT_THAT(ranks_among({5, 4, 3}, {0}, {0}), IsEmpty());
}

TEST(RelevantRanks, PutAnswersWithoutANumberLast) {
  const std::vector<float> scores{nan, 1, nan, -infinity, nan};
  EXPECT_THAT(ranks_among(scores, {0}), ElementsAre(4));
  EXPECT_THAT(ranks_among(scores, {0, 2}), ElementsAre(3, 4));
  EXPECT_THAT(ranks_among(scores, {3, 4}), ElementsAre(1, 4));
  EXPECT_THAT(ranks_among(scores, {0}, {2, 1}), ElementsAre(2));
}

Tensor small_whole_numbers(std::size_t rows, std::size_t width, unsigned seed) {
  std::mt19937 random(seed);
  Tensor matrix({rows, width});
  for (float& x : matrix.values())
    x = static_cast<float>(static_cast<int>(random() % 5) - 2);
  return matrix;
}

/// Every row sorted; the places of the answers are looked up.
Rows sorted_ranks(std::span<const float> query, MatrixView gallery,
                  const Rows& relevant, const Rows& removed) {
  std::vector<std::pair<float, std::size_t>> sorted;
  for (std::size_t g = 0; g < gallery.rows; ++g) {
    if (std::ranges::count(removed, g) > 0) continue;
    float sum = 0;
    for (std::size_t i = 0; i < gallery.columns; ++i)
      sum += query[i] * gallery.row(g)[i];
    sorted.emplace_back(-sum, g);
  }
  std::ranges::sort(sorted);
  Rows ranks;
  for (std::size_t place = 0; place < sorted.size(); ++place)
    if (std::ranges::count(relevant, sorted[place].second) > 0)
      ranks.push_back(place);
  return ranks;
}

TEST(RelevantRanks, AgreeWithSortingEveryScore) {
  // Sums of small whole numbers are exact, so ties are many and true ties. The
  // gallery is longer than a block, the width no multiple of a vector.
  const auto gallery = small_whole_numbers(3001, 43, 1);
  const auto queries = small_whole_numbers(40, 43, 2);
  std::mt19937 random(3);
  std::vector<Rows> relevant(40);
  std::vector<Rows> removed(40);
  std::vector<Rows> expected;
  for (std::size_t q = 0; q < 40; ++q) {
    for (std::size_t i = 0; i < q % 7; ++i)
      relevant[q].push_back(random() % 3001);
    for (std::size_t i = 0; i < q % 3; ++i)
      removed[q].push_back(random() % 3001);
    expected.push_back(sorted_ranks(queries.matrix().row(q), gallery.matrix(),
                                    relevant[q], removed[q]));
  }
  for (const std::size_t threads : {1, 2, 7})
    EXPECT_EQ(relevant_ranks(queries.matrix(), gallery.matrix(), relevant,
                             removed, threads),
              expected);
}

TEST(RelevantRanks, RefuseWhatDoesNotFit) {
  const Tensor two({2, 3});
  const Tensor wide({2, 4});
  const std::vector<Rows> relevant{{0}, {1}};
  const std::vector<Rows> beyond{{0}, {2}};
  const auto rank = [&](const Tensor& gallery, RowLists wanted, RowLists gone,
                        std::size_t threads) {
    return relevant_ranks(two.matrix(), gallery.matrix(), wanted, gone,
                          threads);
  };
  EXPECT_THROW(rank(wide, relevant, {}, 1), Error);
  EXPECT_THROW(rank(two, beyond, {}, 1), Error);
  EXPECT_THROW(rank(two, relevant, beyond, 1), Error);
  EXPECT_THROW(rank(two, {}, {}, 1), Error);
  EXPECT_THROW(rank(two, relevant, RowLists(relevant).first(1), 1), Error);
  EXPECT_THROW(rank(two, relevant, {}, 0), Error);
  EXPECT_THAT(rank(two, relevant, {}, 1),
              ElementsAre(ElementsAre(0), ElementsAre(1)));
}

TEST(FirstRanks, CountAQueryWithoutAnswersAsAMiss) {
  const std::vector<Rows> ranks{{0, 9}, {}, {4}};
  EXPECT_EQ(recall_at(first_ranks(ranks), 1), 100 / 3.0);
  EXPECT_EQ(recall_at(first_ranks(ranks), 1'000'000), 200 / 3.0);
}

TEST(FirstRows, AreTheStartOfTheRanking) {
  const std::vector<float> scores{nan, 1, 3, -infinity, 3};
  const Tensor gallery({5, 1}, scores);
  const std::vector<float> query{1};
  const auto rows = [&](const Rows& removed, std::size_t count) {
    Rows found;
    for (const auto& hit : first_rows(query, gallery.matrix(), removed, count))
      found.push_back(hit.row);
    return found;
  };
  EXPECT_THAT(rows({}, 2), ElementsAre(2, 4));
  EXPECT_THAT(rows({2}, 2), ElementsAre(4, 1));
  EXPECT_THAT(rows({}, 9), ElementsAre(2, 4, 1, 3, 0));
}

}  // namespace
}  // namespace igrot
