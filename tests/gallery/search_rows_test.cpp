#include "igrot/search.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <random>

#include "gallery/scores.h"
#include "igrot/error.h"

namespace igrot {
namespace {

Tensor random_unit_rows(std::size_t rows, std::size_t width, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  Tensor matrix({rows, width});
  for (std::size_t r = 0; r < rows; ++r) {
    float* row = matrix.data() + r * width;
    for (std::size_t i = 0; i < width; ++i) row[i] = normal(random);
    const auto norm =
        std::sqrt(std::inner_product(row, row + width, row, 0.0F));
    for (std::size_t i = 0; i < width; ++i) row[i] /= norm;
  }
  return matrix;
}

/// The ranking by its definition: every score, sorted.
std::vector<RowHit> ranked_by_sorting(MatrixView rows,
                                      std::span<const float> query,
                                      std::size_t k) {
  std::vector<RowHit> hits;
  for (std::size_t r = 0; r < rows.rows; ++r) {
    float score = 0;
    best_score_kernel().run({rows.row(r).data(), 1, rows.columns},
                            {query.data(), 1, rows.columns}, &score);
    hits.push_back({r, score});
  }
  std::ranges::stable_sort(hits, std::greater<>(), &RowHit::score);
  hits.resize(std::min(k, hits.size()));
  return hits;
}

TEST(SearchRows, FindsTheBestInOrder) {
  const Tensor rows({4, 2}, std::vector<float>{1, 0, 0, 1, 0.6F, 0.8F, -1, 0});
  const Tensor query({1, 2}, std::vector<float>{1, 0});
  const auto hits = search_rows(rows.matrix(), query.matrix(), {.k = 3});
  ASSERT_EQ(hits.size(), 1U);
  EXPECT_EQ(hits[0], (std::vector<RowHit>{{0, 1.0F}, {2, 0.6F}, {1, 0.0F}}));
}

TEST(SearchRows, AgreesWithSortingEveryScore) {
  const auto rows = random_unit_rows(3001, 48, 1);
  const auto queries = random_unit_rows(70, 48, 2);
  for (const std::size_t k : {1, 20, 3001, 5000}) {
    const auto hits =
        search_rows(rows.matrix(), queries.matrix(), {.k = k, .threads = 2});
    ASSERT_EQ(hits.size(), 70U);
    for (std::size_t q = 0; q < hits.size(); ++q)
      ASSERT_EQ(hits[q],
                ranked_by_sorting(rows.matrix(), queries.matrix().row(q), k));
  }
}

TEST(SearchRows, KeepsRowOrderAmongEqualScores) {
  const Tensor rows({500, 1}, std::vector<float>(500, 1.0F));
  const Tensor query({1, 1}, std::vector<float>{1});
  const auto hits = search_rows(rows.matrix(), query.matrix(), {.k = 7})[0];
  ASSERT_EQ(hits.size(), 7U);
  for (std::size_t i = 0; i < hits.size(); ++i) EXPECT_EQ(hits[i].row, i);
}

TEST(SearchRows, GivesTheSameOnAnyNumberOfThreads) {
  const auto rows = random_unit_rows(40'000, 130, 3);
  const auto queries = random_unit_rows(9, 130, 4);
  const auto one =
      search_rows(rows.matrix(), queries.matrix(), {.k = 50, .threads = 1});
  for (const std::size_t threads : {2, 3, 7})
    EXPECT_EQ(search_rows(rows.matrix(), queries.matrix(),
                          {.k = 50, .threads = threads}),
              one);
}

TEST(SearchRows, GivesAQueryTheSameAloneAndInABatch) {
  const auto rows = random_unit_rows(2000, 77, 5);
  const auto queries = random_unit_rows(67, 77, 6);
  const auto batch = search_rows(rows.matrix(), queries.matrix(), {.k = 30});
  for (std::size_t q = 0; q < 67; ++q) {
    const MatrixView alone{queries.matrix().row(q).data(), 1, 77};
    EXPECT_EQ(search_rows(rows.matrix(), alone, {.k = 30})[0], batch[q]);
  }
}

TEST(SearchRows, LeavesOutDeadRows) {
  const auto rows = random_unit_rows(200, 8, 7);
  std::vector<std::uint64_t> dead(4);
  const auto query = MatrixView{rows.data(), 1, 8};
  const auto all = search_rows(rows.matrix(), query, {.k = 200})[0];
  dead[all[0].row / 64] |= std::uint64_t{1} << (all[0].row % 64);
  dead[all[5].row / 64] |= std::uint64_t{1} << (all[5].row % 64);
  auto expected = all;
  expected.erase(expected.begin() + 5);
  expected.erase(expected.begin());
  EXPECT_EQ(search_rows(rows.matrix(), query, {.k = 200, .dead = dead})[0],
            expected);
}

TEST(SearchRows, LeavesOutScoresBelowTheLeast) {
  const Tensor rows({3, 1}, std::vector<float>{0.2F, 0.5F, 0.8F});
  const Tensor query({1, 1}, std::vector<float>{1});
  EXPECT_EQ(search_rows(rows.matrix(), query.matrix(),
                        {.k = 3, .min_score = 0.5F})[0],
            (std::vector<RowHit>{{2, 0.8F}, {1, 0.5F}}));
}

TEST(SearchRows, NeverFindsRowsThatAreNotNumbers) {
  const auto nan = std::numeric_limits<float>::quiet_NaN();
  std::vector<float> values(300, nan);
  values[150] = 0.5F;
  const Tensor rows({300, 1}, values);
  const Tensor query({1, 1}, std::vector<float>{1});
  EXPECT_EQ(search_rows(rows.matrix(), query.matrix(), {.k = 10})[0],
            (std::vector<RowHit>{{150, 0.5F}}));
}

TEST(SearchRows, AnswersNothingWithoutRowsOrQueries) {
  const Tensor query({1, 4}, std::vector<float>{1, 0, 0, 0});
  EXPECT_EQ(search_rows({nullptr, 0, 4}, query.matrix(), {}).size(), 1U);
  EXPECT_TRUE(search_rows({nullptr, 0, 4}, query.matrix(), {})[0].empty());
  EXPECT_TRUE(search_rows(query.matrix(), {nullptr, 0, 4}, {}).empty());
}

TEST(SearchRows, RefusesArgumentsItCannotHonour) {
  const Tensor rows({1, 2}, std::vector<float>{1, 0});
  const Tensor narrow({1, 1}, std::vector<float>{1});
  const Tensor odd(
      {1, 2}, std::vector<float>{1, std::numeric_limits<float>::infinity()});
  EXPECT_THROW(search_rows(rows.matrix(), narrow.matrix(), {}), Error);
  EXPECT_THROW(search_rows(rows.matrix(), odd.matrix(), {}), Error);
  EXPECT_THROW(search_rows(rows.matrix(), rows.matrix(), {.k = 0}), Error);
  EXPECT_THROW(
      search_rows(rows.matrix(), rows.matrix(), {.min_score = std::nanf("")}),
      Error);
}

class EveryKernel : public testing::TestWithParam<ScoreKernel> {};

// Sums of `width` products in another order: each of at most `width` roundings
// is off by at most half a unit of the running sum, which stays below 1.
TEST_P(EveryKernel, AgreesWithDoublePrecision) {
  if (!GetParam().supported()) GTEST_SKIP();
  for (const std::size_t width : {1, 7, 8, 9, 15, 16, 17, 512, 515}) {
    const auto rows = random_unit_rows(13, width, 8);
    const auto queries = random_unit_rows(6, width, 9);
    std::vector<float> scores(13 * 6, -9.0F);
    GetParam().run(rows.matrix(), queries.matrix(), scores.data());
    for (std::size_t q = 0; q < 6; ++q)
      for (std::size_t r = 0; r < 13; ++r) {
        const auto row = rows.matrix().row(r);
        const auto query = queries.matrix().row(q);
        const auto exact =
            std::inner_product(row.begin(), row.end(), query.begin(), 0.0);
        ASSERT_NEAR(scores[q * 13 + r], exact,
                    6e-8 * static_cast<double>(width) + 1e-7);
      }
  }
}

TEST_P(EveryKernel, ScoresAPairTheSameInAnyGrouping) {
  if (!GetParam().supported()) GTEST_SKIP();
  const auto rows = random_unit_rows(29, 83, 10);
  const auto queries = random_unit_rows(11, 83, 11);
  std::vector<float> scores(29 * 11);
  GetParam().run(rows.matrix(), queries.matrix(), scores.data());
  for (std::size_t q = 0; q < 11; ++q)
    for (std::size_t r = 0; r < 29; ++r) {
      float score = 0;
      GetParam().run({rows.matrix().row(r).data(), 1, 83},
                     {queries.matrix().row(q).data(), 1, 83}, &score);
      ASSERT_EQ(score, scores[q * 29 + r]);
    }
}

INSTANTIATE_TEST_SUITE_P(Processors, EveryKernel,
                         testing::ValuesIn(score_kernels().begin(),
                                           score_kernels().end()),
                         [](const auto& kernel) {
                           return std::string(kernel.param.name);
                         });

}  // namespace
}  // namespace igrot
