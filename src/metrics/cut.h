// Rankings that are cut after k places. Source: method.md 8; CIRCO and ZSE-SBIR
// for `min_k`.
#pragma once

#include "igrot/settings.h"
#include "metrics/relevant_ranks.h"

namespace igrot {

/// How many right answers a ranking that is cut after k places is measured by.
/// Definitions in use differ, so each has a name.
enum class CutDenominator {
  min_k,   ///< min(k, all right answers): those outside the cut are missed
  inside,  ///< those inside the cut alone, as the reference counts
};

inline constexpr std::array cut_denominators{
    Named{CutDenominator::min_k, "min_k"},
    Named{CutDenominator::inside, "inside"}};

/// The ranks below k; behind them, as `unranked`, what the denominator counts
/// besides. ranks: ascending.
std::vector<std::size_t> cut_ranks(std::span<const std::size_t> ranks,
                                   std::size_t k, CutDenominator denominator);

}  // namespace igrot
