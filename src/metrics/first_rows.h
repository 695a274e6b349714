// The heads of rankings.
#pragma once

#include "metrics/relevant_ranks.h"
#include "metrics/scores.h"

namespace igrot {

/// The first `count` rows of each query's ranking (all, where there are fewer)
/// without that query's removed rows, by `ranking_score`; scores that are not
/// numbers come last, by row.
///
/// queries: [Q, d]; gallery: [G, d]; removed: Q lists, or empty where nothing
/// is removed. Memory grows with Q * count, not with Q * G. Throws Error: usage
/// (widths, counts or row numbers that do not fit, no threads).
std::vector<std::vector<ScoredRow>> first_rows(MatrixView queries,
                                               MatrixView gallery,
                                               RowLists removed,
                                               std::size_t count,
                                               std::size_t threads);

}  // namespace igrot
