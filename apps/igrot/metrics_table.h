// Metrics as a table and as JSON.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "output.h"

namespace igrot::app {

/// One metric; nothing where no query counts for it.
struct MetricRow {
  std::string family;   ///< as of `MetricValue`
  std::size_t cut = 0;  ///< 0: the whole ranking
  std::optional<double> value;
};

/// {"R@1": 12.5, ...}; null where there is nothing.
Json metrics_json(const std::vector<MetricRow>& rows);

/// A line a family, a column a cut, two decimals.
std::string metrics_text(const std::vector<MetricRow>& rows);

}  // namespace igrot::app
