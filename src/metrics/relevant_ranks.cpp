// Ranks without ranking: the scores of the right answers are computed first,
// then the rows that beat them are counted while blocks of the gallery pass by.
#include "metrics/relevant_ranks.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <system_error>
#include <thread>

#include "base/fail.h"
#include "metrics/scores.h"
#include "metrics/sorted_once.h"

namespace igrot {
namespace {

// Queries that pass over a block of the gallery together, so that memory is
// read once for all of them; what a thread takes at a time.
constexpr std::size_t group_queries = 16;

// A block of rows fits in a second-level cache beside the queries.
constexpr std::size_t block_bytes = 256 * 1024;

/// One query: its right answers, best first, and how many rows of the gallery
/// come before each and not before the one ahead of it.
class Question {
 public:
  Question(std::span<const float> query, MatrixView gallery,
           const std::vector<std::size_t>& relevant,
           std::vector<std::size_t> removed)
      : query_(query),
        gallery_(gallery),
        removed_(sorted_once(std::move(removed))) {
    for (const auto row : sorted_once(relevant)) {
      if (std::ranges::binary_search(removed_, row)) continue;
      const auto score = ranking_score(query, gallery.row(row));
      if (std::isnan(score))
        ++no_numbers_;
      else
        answers_.push_back({score, row});
    }
    std::ranges::sort(answers_, comes_before);
    before_.resize(answers_.size() + 1);
    for (const auto row : removed_) count(row, -1);
  }

  /// Counts the rows from `begin` to `end`.
  void pass(std::size_t begin, std::size_t end) {
    if (answers_.empty()) return;
    for (auto row = begin; row < end; ++row) count(row, 1);
  }

  /// Once every row has passed.
  std::vector<std::size_t> ranks() const {
    std::vector<std::size_t> ranks;
    std::ptrdiff_t rank = 0;
    for (std::size_t i = 0; i < answers_.size(); ++i)
      ranks.push_back(static_cast<std::size_t>(rank += before_[i]));
    const auto last = gallery_.rows - removed_.size() - no_numbers_;
    for (std::size_t i = 0; i < no_numbers_; ++i) ranks.push_back(last + i);
    return ranks;
  }

 private:
  void count(std::size_t row, std::ptrdiff_t how_often) {
    const ScoredRow found{ranking_score(query_, gallery_.row(row)), row};
    if (std::isnan(found.score)) return;
    const auto behind =
        std::upper_bound(answers_.begin(), answers_.end(), found, comes_before);
    before_[static_cast<std::size_t>(behind - answers_.begin())] += how_often;
  }

  std::span<const float> query_;
  MatrixView gallery_;
  std::vector<std::size_t> removed_;
  std::vector<ScoredRow> answers_;
  std::size_t no_numbers_ = 0;  // right answers whose score is no number
  std::vector<std::ptrdiff_t> before_;
};

void pass_gallery(std::span<Question> questions, MatrixView gallery) {
  const auto row_bytes = std::max<std::size_t>(gallery.columns, 1) * 4;
  const auto block = std::max<std::size_t>(block_bytes / row_bytes, 1);
  for (std::size_t begin = 0; begin < gallery.rows; begin += block)
    for (auto& question : questions)
      question.pass(begin, std::min(begin + block, gallery.rows));
}

/// Runs body() on up to `threads` threads, this one among them.
template <class Body>
void on_threads(std::size_t threads, const Body& body) {
  std::vector<std::jthread> others;
  try {
    for (std::size_t i = 1; i < threads; ++i) others.emplace_back(body);
  } catch (const std::system_error&) {
    // No more threads to be had: those that run do the work.
  }
  body();
}

void check_rows(RowLists lists, std::size_t rows, std::string_view what) {
  for (const auto& list : lists)
    for (const auto row : list)
      if (row >= rows)
        fail(ErrorKind::usage, "{} row {} of a gallery of {}", what, row, rows);
}

void check(MatrixView queries, MatrixView gallery, RowLists relevant,
           RowLists removed, std::size_t threads) {
  if (queries.rows != relevant.size())
    fail(ErrorKind::usage, "{} queries have {} lists of relevant rows",
         queries.rows, relevant.size());
  if (!removed.empty() && queries.rows != removed.size())
    fail(ErrorKind::usage, "{} queries have {} lists of removed rows",
         queries.rows, removed.size());
  if (queries.rows > 0 && queries.columns != gallery.columns)
    fail(ErrorKind::usage, "queries have width {}, the gallery {}",
         queries.columns, gallery.columns);
  if (threads == 0) fail(ErrorKind::usage, "threads is 0, expected at least 1");
  check_rows(relevant, gallery.rows, "relevant");
  check_rows(removed, gallery.rows, "removed");
}

}  // namespace

std::vector<std::vector<std::size_t>> relevant_ranks(MatrixView queries,
                                                     MatrixView gallery,
                                                     RowLists relevant,
                                                     RowLists removed,
                                                     std::size_t threads) {
  check(queries, gallery, relevant, removed, threads);
  std::vector<std::vector<std::size_t>> ranks(queries.rows);
  std::atomic<std::size_t> next = 0;
  const auto groups = (queries.rows + group_queries - 1) / group_queries;
  on_threads(std::min(threads, groups), [&] {
    for (;;) {
      const auto begin = next.fetch_add(group_queries);
      if (begin >= queries.rows) return;
      const auto end = std::min(begin + group_queries, queries.rows);
      std::vector<Question> questions;
      for (auto q = begin; q < end; ++q)
        questions.emplace_back(
            queries.row(q), gallery, relevant[q],
            removed.empty() ? std::vector<std::size_t>() : removed[q]);
      pass_gallery(questions, gallery);
      for (auto q = begin; q < end; ++q)
        ranks[q] = questions[q - begin].ranks();
    }
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
