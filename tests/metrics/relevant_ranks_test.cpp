#include "metrics/relevant_ranks.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

#include "igrot/error.h"
#include "metrics/exact_dot.h"
#include "metrics/first_rows.h"
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

/// Rows by `ranking_score`, the slow way; those that are no numbers last.
Rows exact_ranking(std::span<const float> query, MatrixView gallery) {
  const auto scores = ranking_scores(query, gallery);
  Rows rows(gallery.rows);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  std::ranges::stable_sort(rows, [&](std::size_t a, std::size_t b) {
    return scores[a] > scores[b] ||
           (std::isnan(scores[b]) && !std::isnan(scores[a]));
  });
  return rows;
}

std::vector<Rows> exact_ranks(MatrixView queries, MatrixView gallery,
                              const std::vector<Rows>& relevant) {
  std::vector<Rows> all;
  for (std::size_t q = 0; q < queries.rows; ++q) {
    const auto ranking = exact_ranking(queries.row(q), gallery);
    Rows ranks;
    for (std::size_t place = 0; place < ranking.size(); ++place)
      if (std::ranges::count(relevant[q], ranking[place]) > 0)
        ranks.push_back(place);
    all.push_back(ranks);
  }
  return all;
}

Tensor random_rows(std::size_t rows, std::size_t width, float scale,
                   unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  Tensor matrix({rows, width});
  for (float& x : matrix.values()) x = scale * normal(random);
  return matrix;
}

/// Pairs of rows that differ in one number, by its last bit.
Tensor almost_equal_rows(std::size_t rows, std::size_t width) {
  auto matrix = random_rows(rows, width, 1, 1);
  for (std::size_t row = 1; row < rows; row += 2) {
    auto* values = matrix.data() + row * width;
    std::copy_n(values - width, width, values);
    auto& one = values[row % width];
    one = std::nextafter(one, infinity);
  }
  return matrix;
}

std::vector<Rows> random_lists(std::size_t lists, std::size_t rows,
                               unsigned seed) {
  std::mt19937 random(seed);
  std::vector<Rows> all(lists);
  for (auto& list : all)
    for (int i = 0; i < 300; ++i) list.push_back(random() % rows);
  return all;
}

// Pairs of rows whose scores differ by less than float32 sums do, among answers
// in thousands: what a fast kernel alone would put in the wrong order.
TEST(RelevantRanks, FollowExactScoresAmongAlmostEqualOnes) {
  auto gallery = random_rows(3000, 100, 1, 1);
  for (std::size_t row = 1; row < 3000; row += 2)
    for (std::size_t i = 0; i < 100; ++i)
      gallery.data()[row * 100 + i] =
          i == row % 100
              ? std::nextafter(gallery.data()[(row - 1) * 100 + i], infinity)
              : gallery.data()[(row - 1) * 100 + i];
  const auto queries = random_rows(70, 100, 1, 2);
  const auto relevant = random_lists(70, 3000, 3);
  EXPECT_EQ(relevant_ranks(queries.matrix(), gallery.matrix(), relevant, {}, 2),
            exact_ranks(queries.matrix(), gallery.matrix(), relevant));
}

TEST(RelevantRanks, FollowExactScoresOfAnySize) {
  for (const float scale : {1e-30F, 1e-3F, 1e12F, 1e18F, 1e30F}) {
    const auto gallery = random_rows(500, 33, scale, 4);
    const auto queries = random_rows(3, 33, scale, 5);
    const auto relevant = random_lists(3, 500, 6);
    EXPECT_EQ(
        relevant_ranks(queries.matrix(), gallery.matrix(), relevant, {}, 1),
        exact_ranks(queries.matrix(), gallery.matrix(), relevant))
        << scale;
  }
}

TEST(RelevantRanks, FollowExactScoresBesideRowsThatAreNoNumbers) {
  auto gallery = random_rows(500, 33, 1, 7);
  gallery.data()[33 * 7] = nan;
  gallery.data()[33 * 8 + 1] = infinity;
  gallery.data()[33 * 9 + 2] = -infinity;
  const auto queries = random_rows(3, 33, 1, 8);
  const auto relevant = random_lists(3, 500, 9);
  EXPECT_EQ(relevant_ranks(queries.matrix(), gallery.matrix(), relevant, {}, 1),
            exact_ranks(queries.matrix(), gallery.matrix(), relevant));
}

TEST(RelevantRanks, FollowTheGallerysOrderWhereAllScoresAreEqual) {
  const Tensor gallery({5000, 16});
  const auto queries = random_rows(2, 16, 1, 10);
  const auto relevant = random_lists(2, 5000, 11);
  EXPECT_EQ(relevant_ranks(queries.matrix(), gallery.matrix(), relevant, {}, 1),
            exact_ranks(queries.matrix(), gallery.matrix(), relevant));
}

TEST(ExactDots, GiveTheSameBits) {
  const auto rows = random_rows(64, 77, 1, 12);
  const auto exact = exact_dots().back().run;
  for (const auto& dot : exact_dots()) {
    if (!dot.supported()) continue;
    for (std::size_t width = 0; width <= 77; ++width)
      EXPECT_EQ(dot.run(rows.data() + width, rows.data() + 100, width),
                exact(rows.data() + width, rows.data() + 100, width))
          << width;
  }
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

Rows first_of(MatrixView query, MatrixView gallery, const Rows& removed,
              std::size_t count) {
  const auto first =
      first_rows(query, gallery, std::vector<Rows>{removed}, count, 1);
  Rows rows;
  for (const auto& hit : first.at(0)) rows.push_back(hit.row);
  return rows;
}

TEST(FirstRows, AreTheStartOfTheRanking) {
  const std::vector<float> scores{nan, 1, 3, -infinity, 3};
  const Tensor gallery({5, 1}, scores);
  const Tensor query({1, 1}, std::vector<float>{1});
  const auto rows = [&](const Rows& removed, std::size_t count) {
    return first_of(query.matrix(), gallery.matrix(), removed, count);
  };
  EXPECT_THAT(rows({}, 2), ElementsAre(2, 4));
  EXPECT_THAT(rows({2}, 2), ElementsAre(4, 1));
  EXPECT_THAT(rows({}, 9), ElementsAre(2, 4, 1, 3, 0));
  EXPECT_THAT(rows({}, 0), IsEmpty());
}

TEST(FirstRows, FollowExactScoresInLargeGalleries) {
  const auto almost = almost_equal_rows(3000, 100);
  const Tensor equal({5000, 100});
  const auto varied = random_rows(9000, 100, 1, 13);
  const auto queries = random_rows(70, 100, 1, 14);
  for (const auto* gallery : {&almost, &equal, &varied})
    for (const std::size_t count : {1, 7, 50}) {
      const auto first =
          first_rows(queries.matrix(), gallery->matrix(), {}, count, 2);
      ASSERT_EQ(first.size(), 70U);
      for (std::size_t q = 0; q < 70; ++q) {
        auto expected =
            exact_ranking(queries.matrix().row(q), gallery->matrix());
        expected.resize(count);
        Rows rows;
        for (const auto& [score, row] : first[q]) {
          rows.push_back(row);
          EXPECT_EQ(score, ranking_score(queries.matrix().row(q),
                                         gallery->matrix().row(row)));
        }
        ASSERT_EQ(rows, expected) << q << ' ' << count;
      }
    }
}

TEST(FirstRows, LeaveOutRemovedRowsOfLargeGalleries) {
  const auto gallery = random_rows(3000, 10, 1, 15);
  const auto query = random_rows(1, 10, 1, 16);
  auto ranking = exact_ranking(query.matrix().row(0), gallery.matrix());
  const Rows removed{ranking[3], ranking[0], ranking[2]};
  EXPECT_THAT(first_of(query.matrix(), gallery.matrix(), removed, 2),
              ElementsAre(ranking[1], ranking[4]));
}

TEST(FirstRows, RefuseWhatDoesNotFit) {
  const Tensor two({2, 3});
  const Tensor wide({2, 4});
  EXPECT_THROW(first_rows(two.matrix(), wide.matrix(), {}, 1, 1), Error);
  EXPECT_THROW(
      first_rows(two.matrix(), two.matrix(), std::vector<Rows>{{0}, {2}}, 1, 1),
      Error);
  EXPECT_THROW(
      first_rows(two.matrix(), two.matrix(), std::vector<Rows>{{0}}, 1, 1),
      Error);
  EXPECT_THROW(first_rows(two.matrix(), two.matrix(), {}, 1, 0), Error);
}

}  // namespace
}  // namespace igrot
