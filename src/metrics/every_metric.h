// Every metric by every definition, by name. docs/metrics.md has the formulas.
#pragma once

#include <string>

#include "metrics/rounding.h"

namespace igrot {

/// The cuts that the field's tables use.
inline constexpr std::array<std::size_t, 10> usual_cuts{1,  2,  3,   5,   10,
                                                        25, 50, 100, 200, 1000};

struct MetricOptions {
  std::span<const std::size_t> cuts = usual_cuts;  ///< each at least 1
  Rounding rounding = Rounding::none;
};

/// One metric by one definition, in percent.
struct MetricValue {
  std::string family;   ///< "R", "mAP trapezoidal inside"
  std::size_t cut = 0;  ///< 0: the whole ranking
  double value = 0;

  /// "R@10", "mAP@200 trapezoidal inside", "mAP voc".
  std::string name() const;
};

/// Of each cut R, P and the average precisions by both denominators, then the
/// average precisions of whole rankings. ranks: of each query, ascending;
/// right answers that were not ranked as `unranked`.
std::vector<MetricValue> every_metric(RowLists ranks,
                                      const MetricOptions& options = {});

}  // namespace igrot
