#include "metrics/average_precision.h"

#include <algorithm>

namespace igrot {
namespace {

double share(std::size_t part, std::size_t whole) {
  return static_cast<double>(part) / static_cast<double>(whole);
}

using Ranks = std::span<const std::size_t>;

// Sums over the answers that were found.

double plain_sum(Ranks found) {
  double sum = 0;
  for (std::size_t j = 0; j < found.size(); ++j)
    sum += share(j + 1, found[j] + 1);
  return sum;
}

double trapezoidal_sum(Ranks found) {
  double sum = 0;
  for (std::size_t j = 0; j < found.size(); ++j) {
    const double before = found[j] == 0 ? 1 : share(j, found[j]);
    sum += (before + share(j + 1, found[j] + 1)) / 2;
  }
  return sum;
}

double monotone_sum(Ranks found) {
  double sum = 0;
  double highest = 0;
  for (auto j = found.size(); j-- > 0;) {
    highest = std::max(highest, share(j + 1, found[j] + 1));
    sum += highest;
  }
  return sum;
}

}  // namespace

double average_precision(std::span<const std::size_t> ranks,
                         AveragePrecision definition) {
  if (ranks.empty()) return 0;
  const Ranks found(ranks.begin(), std::ranges::lower_bound(ranks, unranked));
  const auto answers = static_cast<double>(ranks.size());
  switch (definition) {
    case AveragePrecision::plain:
      return plain_sum(found) / answers;
    case AveragePrecision::trapezoidal:
      return trapezoidal_sum(found) / (answers + 1e-5);
    case AveragePrecision::voc:
      return monotone_sum(found) / answers;
  }
  return 0;
}

double mean_average_precision(RowLists ranks, AveragePrecision definition) {
  if (ranks.empty()) return 0;
  double sum = 0;
  for (const auto& list : ranks) sum += average_precision(list, definition);
  return 100 * sum / static_cast<double>(ranks.size());
}

double mean_average_precision_at(RowLists ranks, std::size_t k,
                                 AveragePrecision definition,
                                 CutDenominator denominator) {
  std::vector<std::vector<std::size_t>> cut;
  for (const auto& list : ranks) cut.push_back(cut_ranks(list, k, denominator));
  return mean_average_precision(cut, definition);
}

}  // namespace igrot
