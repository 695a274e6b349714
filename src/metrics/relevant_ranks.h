// Rankings with several right answers. Source: method.md 8.
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "igrot/tensor.h"

namespace igrot {

/// Rows of a gallery, a list for each query.
using RowLists = std::span<const std::vector<std::size_t>>;

/// The place of a right answer that the ranking does not hold: behind any.
inline constexpr auto unranked = std::numeric_limits<std::size_t>::max();

/// Places (0: first) of each query's relevant rows when the gallery, without
/// that query's removed rows, is ranked by score, ascending. Equal scores keep
/// the gallery's order.
///
/// queries: [Q, d]; gallery: [G, d]; relevant: Q lists of rows; removed: Q
/// lists, or empty where nothing is removed. A row that is both is removed;
/// one that is named twice counts once. Scores are `ranking_score`s and do not
/// depend on the number of threads. Those that are not numbers come last, and
/// of these the relevant ones. Memory grows with Q and the lists, not with
/// Q * G. Throws Error: usage (widths, counts or row numbers that do not fit,
/// no threads).
std::vector<std::vector<std::size_t>> relevant_ranks(MatrixView queries,
                                                     MatrixView gallery,
                                                     RowLists relevant,
                                                     RowLists removed,
                                                     std::size_t threads);

/// The first place of each list; `unranked` where a list is empty.
/// `recall_at` of them counts queries with a relevant row in the first k.
std::vector<std::size_t> first_ranks(RowLists ranks);

}  // namespace igrot
