#include "metrics/precision.h"

#include <algorithm>

#include "metrics/cut.h"

namespace igrot {
namespace {

double share_found(std::span<const std::size_t> ranks, std::size_t k) {
  const auto found = cut_ranks(ranks, k, CutDenominator::inside).size();
  return static_cast<double>(found) / static_cast<double>(k);
}

double percent(double sum, std::size_t queries) {
  return queries == 0 ? 0 : 100 * sum / static_cast<double>(queries);
}

}  // namespace

double precision_at(RowLists ranks, std::size_t k) {
  double sum = 0;
  for (const auto& list : ranks) sum += share_found(list, k);
  return percent(sum, ranks.size());
}

double capped_precision_at(RowLists ranks, std::size_t k) {
  double sum = 0;
  std::size_t queries = 0;
  for (const auto& list : ranks) {
    if (list.empty()) continue;
    sum += share_found(list, std::min(k, list.size()));
    ++queries;
  }
  return percent(sum, queries);
}

}  // namespace igrot
