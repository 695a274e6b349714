// Precision: the share of right answers among the first k. Source: method.md 8;
// ZSE-SBIR for the capped one.
#pragma once

#include "metrics/relevant_ranks.h"

namespace igrot {

/// Right answers in the first k places, over k even where the gallery is
/// smaller; mean over queries in percent, 0 without queries. k: at least 1.
double precision_at(RowLists ranks, std::size_t k);

/// The same with k capped by the number of the query's right answers. The mean
/// is over queries that have one, 0 where none has.
double capped_precision_at(RowLists ranks, std::size_t k);

}  // namespace igrot
