#include "metrics/aspects.h"

#include <algorithm>

#include "base/fail.h"
#include "metrics/average_precision.h"

namespace igrot {

std::array<std::optional<double>, circo_aspects.size()> circo_aspect_means(
    RowLists ranks, std::span<const std::vector<std::string>> aspects) {
  if (ranks.size() != aspects.size())
    fail(ErrorKind::usage, "{} queries have {} lists of aspects", ranks.size(),
         aspects.size());
  std::array<std::optional<double>, circo_aspects.size()> means;
  for (std::size_t i = 0; i < circo_aspects.size(); ++i) {
    std::vector<std::vector<std::size_t>> chosen;
    for (std::size_t q = 0; q < ranks.size(); ++q)
      if (std::ranges::find(aspects[q], circo_aspects[i]) != aspects[q].end())
        chosen.push_back(ranks[q]);
    if (!chosen.empty())
      means[i] = mean_average_precision_at(chosen, circo_aspect_cut,
                                           AveragePrecision::plain,
                                           CutDenominator::min_k);
  }
  return means;
}

}  // namespace igrot
