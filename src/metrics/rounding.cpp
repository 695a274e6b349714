#include "metrics/rounding.h"

#include <cmath>

#include "metrics/cut.h"
#include "metrics/precision.h"
#include "metrics/recall.h"

namespace igrot {
namespace {

double float_recall(std::span<const std::size_t> ranks, std::size_t k) {
  if (ranks.empty()) return 0;
  std::size_t found = 0;
  for (const auto rank : ranks) found += rank < k ? 1 : 0;
  const float share =
      static_cast<float>(found) / static_cast<float>(ranks.size());
  return double{share} * 100;
}

double float_precision(RowLists ranks, std::size_t k) {
  if (ranks.empty()) return 0;
  float sum = 0;
  for (const auto& list : ranks) {
    const auto found = cut_ranks(list, k, CutDenominator::inside).size();
    sum += static_cast<float>(found) / static_cast<float>(k);
  }
  const float percent = sum / static_cast<float>(ranks.size()) * 100;
  return std::nearbyint(percent * 100) / 100;
}

}  // namespace

double two_decimals(double value) {
  return std::nearbyint(value * 100) / 100;
}

double recall_at(std::span<const std::size_t> ranks, std::size_t k,
                 Rounding rounding) {
  switch (rounding) {
    case Rounding::cir:
      return float_recall(ranks, k);
    case Rounding::sbir:
      return two_decimals(recall_at(ranks, k));
    case Rounding::none:
      break;
  }
  return recall_at(ranks, k);
}

double precision_at(RowLists ranks, std::size_t k, Rounding rounding) {
  return rounding == Rounding::sbir ? float_precision(ranks, k)
                                    : precision_at(ranks, k);
}

}  // namespace igrot
