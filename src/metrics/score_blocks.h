// Scores of many queries and many rows by the kernels of gallery/scores.h, and
// how far those may be from the exact `ranking_score`s.
#pragma once

#include <atomic>
#include <functional>

#include "base/on_threads.h"
#include "gallery/scores.h"

namespace igrot {

/// Queries that pass over the gallery together, so that memory is read once for
/// all of them; what a thread takes at a time.
inline constexpr std::size_t group_queries = 64;

/// `count` rows from `begin` on.
MatrixView rows_of(MatrixView matrix, std::size_t begin, std::size_t count);

/// Length of a row; not a number where a value is none.
double length_of(std::span<const float> row);

/// Length of the longest row of a gallery [G, d]; likewise.
double longest_row(MatrixView gallery);

/// How far a kernel's score of a row may be from its exact score; infinite
/// where nothing is known. lengths: of the query and the row, multiplied.
float largest_error(std::size_t width, double lengths);

/// Calls take(q, first, scores) with the scores of query q and the rows from
/// `first` on, stretch after stretch until every query had every row. scores
/// may be overwritten. queries: at most `group_queries`.
void pass_scores(MatrixView queries, MatrixView gallery,
                 const std::function<void(std::size_t, std::size_t,
                                          std::span<float>)>& take);

/// body(begin, end) of one group of queries after another, on threads.
template <class Body>
void for_groups(std::size_t queries, std::size_t threads, const Body& body) {
  std::atomic<std::size_t> next = 0;
  const auto groups = (queries + group_queries - 1) / group_queries;
  on_threads(std::min(threads, groups), [&] {
    for (;;) {
      const auto begin = next.fetch_add(group_queries);
      if (begin >= queries) return;
      body(begin, std::min(begin + group_queries, queries));
    }
  });
}

}  // namespace igrot
