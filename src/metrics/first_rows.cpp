// Rows that may be among the first are kept by the scores of a fast kernel, and
// ordered by exact ones.
#include "metrics/first_rows.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "metrics/check_lists.h"
#include "metrics/score_blocks.h"
#include "metrics/sorted_once.h"

namespace igrot {
namespace {

/// Numbers first.
bool stands_before(const ScoredRow& a, const ScoredRow& b) {
  const bool a_is_number = !std::isnan(a.score);
  const bool b_is_number = !std::isnan(b.score);
  if (a_is_number && b_is_number) return comes_before(a, b);
  if (a_is_number != b_is_number) return a_is_number;
  return a.row < b.row;
}

bool scores_higher(const ScoredRow& a, const ScoredRow& b) {
  return a.score > b.score;
}

/// What may be among the first rows of one query.
class Head {
 public:
  Head(std::span<const float> query, MatrixView gallery, double longest,
       std::vector<std::size_t> removed, std::size_t count)
      : query_(query),
        gallery_(gallery),
        removed_(sorted_once(std::move(removed))),
        count_(count),
        most_(2 * count),
        error_(largest_error(query.size(), length_of(query) * longest)) {}

  void pass(std::size_t first, std::span<const float> scores) {
    for (std::size_t i = 0; i < scores.size(); ++i) {
      if (scores[i] < lowest_) continue;
      if (std::ranges::binary_search(removed_, first + i)) continue;
      rows_.push_back({scores[i], first + i});
      if (rows_.size() > most_) drop();
    }
  }

  std::vector<ScoredRow> first() && {
    for (auto& row : rows_)
      row.score = ranking_score(query_, gallery_.row(row.row));
    const auto end = rows_.begin() + static_cast<std::ptrdiff_t>(
                                         std::min(count_, rows_.size()));
    std::partial_sort(rows_.begin(), end, rows_.end(), stands_before);
    rows_.erase(end, rows_.end());
    return std::move(rows_);
  }

 private:
  /// Drops what cannot be among the first: the exact scores of `count_` rows
  /// are higher, whatever the kernel's errors.
  void drop() {
    if (std::isfinite(error_)) {
      const auto last = rows_.begin() + static_cast<std::ptrdiff_t>(count_) - 1;
      std::nth_element(rows_.begin(), last, rows_.end(), scores_higher);
      lowest_ = std::nextafter(last->score - 2 * error_,
                               -std::numeric_limits<float>::infinity());
      std::erase_if(rows_,
                    [&](const ScoredRow& row) { return row.score < lowest_; });
    }
    most_ = std::max(2 * count_, 2 * rows_.size());
  }

  std::span<const float> query_;
  MatrixView gallery_;
  std::vector<std::size_t> removed_;
  std::size_t count_;
  std::size_t most_;  ///< rows that are kept before some are dropped
  float error_;
  float lowest_ = -std::numeric_limits<float>::infinity();
  std::vector<ScoredRow> rows_;
};

}  // namespace

std::vector<std::vector<ScoredRow>> first_rows(MatrixView queries,
                                               MatrixView gallery,
                                               RowLists removed,
                                               std::size_t count,
                                               std::size_t threads) {
  check_matrices(queries, gallery, threads);
  check_lists(queries, gallery, removed, "removed");
  std::vector<std::vector<ScoredRow>> first(queries.rows);
  if (count == 0) return first;
  const auto longest = longest_row(gallery);
  for_groups(queries.rows, threads, [&](std::size_t begin, std::size_t end) {
    std::vector<Head> heads;
    for (auto q = begin; q < end; ++q)
      heads.emplace_back(
          queries.row(q), gallery, longest,
          removed.empty() ? std::vector<std::size_t>() : removed[q], count);
    pass_scores(rows_of(queries, begin, end - begin), gallery,
                [&](std::size_t q, std::size_t at, std::span<float> scores) {
                  heads[q].pass(at, scores);
                });
    for (auto q = begin; q < end; ++q)
      first[q] = std::move(heads[q - begin]).first();
  });
  return first;
}

}  // namespace igrot
