#include "metrics/cut.h"

#include <algorithm>

namespace igrot {

std::vector<std::size_t> cut_ranks(std::span<const std::size_t> ranks,
                                   std::size_t k, CutDenominator denominator) {
  std::vector<std::size_t> cut(ranks.begin(),
                               std::ranges::lower_bound(ranks, k));
  if (denominator == CutDenominator::min_k)
    cut.resize(std::min(k, ranks.size()), unranked);
  return cut;
}

}  // namespace igrot
