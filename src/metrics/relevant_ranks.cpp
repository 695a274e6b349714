// Ranks without ranking: rows before each right answer are counted while the
// gallery passes by in pieces.
#include "metrics/relevant_ranks.h"

#include <algorithm>
#include <atomic>

#include "base/fail.h"
#include "base/on_threads.h"
#include "gallery/scores.h"
#include "metrics/answer_counts.h"

namespace igrot {
namespace {

// Queries that pass over the gallery together, so that memory is read once for
// all of them; what a thread takes at a time.
constexpr std::size_t group_queries = 64;

// A piece of the gallery fits in a second-level cache beside the queries. Its
// rows are a multiple of the kernels' tile heights (6 and 3).
constexpr std::size_t piece_bytes = 256 * 1024;
constexpr std::size_t piece_step = 6;

// Rows whose scores are counted at a time: many, since each query looks into
// its own tables; few enough that the scores of a group stay in a cache.
constexpr std::size_t counted_rows = 2016;

std::size_t piece_rows(std::size_t width) {
  const auto steps = piece_bytes / (sizeof(float) * piece_step *
                                    std::max<std::size_t>(width, 1));
  return std::clamp<std::size_t>(steps * piece_step, piece_step, counted_rows);
}

MatrixView rows_of(MatrixView matrix, std::size_t begin, std::size_t end) {
  return {matrix.data + begin * matrix.columns, end - begin, matrix.columns};
}

/// A group of queries against the whole gallery.
class Group {
 public:
  Group(MatrixView queries, MatrixView gallery, ScoreRows kernel)
      : queries_(queries),
        gallery_(gallery),
        kernel_(kernel),
        piece_(piece_rows(gallery.columns)),
        scores_(queries.rows * std::max(piece_, counted_rows)) {}

  void count(std::span<AnswerCounts> counts) {
    const auto pieces = std::max<std::size_t>(counted_rows / piece_, 1);
    for (std::size_t begin = 0; begin < gallery_.rows;
         begin += pieces * piece_) {
      const auto end = std::min(begin + pieces * piece_, gallery_.rows);
      score(begin, end);
      for (std::size_t q = 0; q < counts.size(); ++q)
        pass(counts[q], q, begin, end);
    }
  }

 private:
  /// Scores of a stretch: piece after piece, each [queries, its rows].
  void score(std::size_t begin, std::size_t end) {
    auto* to = scores_.data();
    for (auto at = begin; at < end; at += piece_) {
      const auto rows = rows_of(gallery_, at, std::min(at + piece_, end));
      kernel_(rows, queries_, to);
      to += queries_.rows * rows.rows;
    }
  }

  void pass(AnswerCounts& counts, std::size_t q, std::size_t begin,
            std::size_t end) {
    auto* from = scores_.data();
    for (auto at = begin; at < end; at += piece_) {
      const auto rows = std::min(piece_, end - at);
      counts.pass(at, {from + q * rows, rows});
      from += queries_.rows * rows;
    }
  }

  MatrixView queries_;
  MatrixView gallery_;
  ScoreRows kernel_;
  std::size_t piece_;
  std::vector<float> scores_;
};

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
  const auto longest = longest_row(gallery);
  const auto& kernel = best_score_kernel();
  std::atomic<std::size_t> next = 0;
  const auto groups = (queries.rows + group_queries - 1) / group_queries;
  on_threads(std::min(threads, groups), [&] {
    for (;;) {
      const auto begin = next.fetch_add(group_queries);
      if (begin >= queries.rows) return;
      const auto end = std::min(begin + group_queries, queries.rows);
      std::vector<AnswerCounts> counts;
      for (auto q = begin; q < end; ++q)
        counts.emplace_back(
            queries.row(q), gallery, longest, kernel.lanes, relevant[q],
            removed.empty() ? std::vector<std::size_t>() : removed[q]);
      Group(rows_of(queries, begin, end), gallery, kernel.run).count(counts);
      for (auto q = begin; q < end; ++q) ranks[q] = counts[q - begin].ranks();
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
