// Lists of rows as sets.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace igrot {

/// Ascending, each once. Not by std::ranges::unique: clang 14, which builds the
/// fuzz targets, does not compile libstdc++'s.
inline std::vector<std::size_t> sorted_once(std::vector<std::size_t> rows) {
  std::ranges::sort(rows);
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

}  // namespace igrot
