#include "metrics/average_precision.h"

#include <algorithm>

namespace igrot {
namespace {

double share(std::size_t part, std::size_t whole) {
  return static_cast<double>(part) / static_cast<double>(whole);
}

double plain(std::span<const std::size_t> ranks) {
  double sum = 0;
  for (std::size_t j = 0; j < ranks.size(); ++j)
    sum += share(j + 1, ranks[j] + 1);
  return sum / static_cast<double>(ranks.size());
}

double trapezoidal(std::span<const std::size_t> ranks) {
  double sum = 0;
  for (std::size_t j = 0; j < ranks.size(); ++j) {
    const double before = ranks[j] == 0 ? 1 : share(j, ranks[j]);
    sum += (before + share(j + 1, ranks[j] + 1)) / 2;
  }
  return sum / (static_cast<double>(ranks.size()) + 1e-5);
}

double monotone(std::span<const std::size_t> ranks) {
  double sum = 0;
  double highest = 0;
  for (auto j = ranks.size(); j-- > 0;) {
    highest = std::max(highest, share(j + 1, ranks[j] + 1));
    sum += highest;
  }
  return sum / static_cast<double>(ranks.size());
}

}  // namespace

double average_precision(std::span<const std::size_t> ranks,
                         AveragePrecision definition) {
  if (ranks.empty()) return 0;
  switch (definition) {
    case AveragePrecision::plain:
      return plain(ranks);
    case AveragePrecision::trapezoidal:
      return trapezoidal(ranks);
    case AveragePrecision::voc:
      return monotone(ranks);
  }
  return 0;
}

double mean_average_precision(RowLists ranks, AveragePrecision definition) {
  if (ranks.empty()) return 0;
  double sum = 0;
  for (const auto& list : ranks) sum += average_precision(list, definition);
  return 100 * sum / static_cast<double>(ranks.size());
}

}  // namespace igrot
