// Average precision: one number for a ranking with several right answers. It
// has more than one definition in use, so each has a name.
// Source: method.md 8; PASCAL VOC 2010 for `voc`.
#pragma once

#include <array>

#include "metrics/cut.h"

namespace igrot {

/// With n right answers at 0-based places r_0 < r_1 < ... of the ranking, and
/// the precision p_j = (j + 1) / (r_j + 1) at the j-th of them:
enum class AveragePrecision {
  plain,  ///< mean of p_j
  /// The reference's: sum of (q_j + p_j) / 2, over n + 1e-5; q_j = j / r_j is
  /// the precision just before the answer, 1 where r_j is 0.
  trapezoidal,
  voc,  ///< mean of the largest of p_j, p_j+1, ...: precision made monotone
};

inline constexpr std::array average_precisions{
    Named{AveragePrecision::plain, "plain"},
    Named{AveragePrecision::trapezoidal, "trapezoidal"},
    Named{AveragePrecision::voc, "voc"}};

/// Of one ranking, 0 to 1; 0 without right answers. ranks: ascending; those
/// that are `unranked` count among n and add nothing.
double average_precision(std::span<const std::size_t> ranks,
                         AveragePrecision definition);

/// Mean over queries, in percent; 0 without queries.
double mean_average_precision(RowLists ranks, AveragePrecision definition);

/// The same of rankings cut after k places.
double mean_average_precision_at(RowLists ranks, std::size_t k,
                                 AveragePrecision definition,
                                 CutDenominator denominator);

}  // namespace igrot
