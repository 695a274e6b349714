// Ranks without ranking: rows before each right answer are counted while the
// gallery passes by.
#include "metrics/relevant_ranks.h"

#include <algorithm>

#include "base/fail.h"
#include "metrics/answer_counts.h"
#include "metrics/check_lists.h"
#include "metrics/score_blocks.h"

namespace igrot {
namespace {

// Rows that a second-level cache holds while every query of a group scores its
// answers among them.
constexpr std::size_t cached_rows = 128;

}  // namespace

std::vector<std::vector<std::size_t>> relevant_ranks(MatrixView queries,
                                                     MatrixView gallery,
                                                     RowLists relevant,
                                                     RowLists removed,
                                                     std::size_t threads) {
  check_matrices(queries, gallery, threads);
  if (queries.rows != relevant.size())
    fail(ErrorKind::usage, "{} queries have {} lists of relevant rows",
         queries.rows, relevant.size());
  check_lists(queries, gallery, relevant, "relevant");
  check_lists(queries, gallery, removed, "removed");
  std::vector<std::vector<std::size_t>> ranks(queries.rows);
  const auto longest = longest_row(gallery);
  for_groups(queries.rows, threads, [&](std::size_t begin, std::size_t end) {
    std::vector<AnswerCounts> counts;
    for (auto q = begin; q < end; ++q)
      counts.emplace_back(
          queries.row(q), gallery, longest, relevant[q],
          removed.empty() ? std::vector<std::size_t>() : removed[q]);
    for (std::size_t row = 0; row < gallery.rows; row += cached_rows)
      for (auto& count : counts)
        count.score_answers(std::min(row + cached_rows, gallery.rows));
    for (auto& count : counts) count.sort_answers();
    pass_scores(rows_of(queries, begin, end - begin), gallery,
                [&](std::size_t q, std::size_t at, std::span<float> scores) {
                  counts[q].pass(at, scores);
                });
    for (auto q = begin; q < end; ++q) ranks[q] = counts[q - begin].ranks();
  });
  return ranks;
}

std::vector<std::size_t> first_ranks(RowLists ranks) {
  std::vector<std::size_t> first;
  for (const auto& list : ranks)
    first.push_back(list.empty() ? unranked : list.front());
  return first;
}

}  // namespace igrot
