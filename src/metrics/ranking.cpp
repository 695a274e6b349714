#include "metrics/ranking.h"

#include <algorithm>
#include <cmath>

#include "metrics/relevant_ranks.h"
#include "metrics/sorted_once.h"

namespace igrot {
namespace {

/// The rows of the ranking that are, or are not, among others.
std::vector<std::size_t> chosen(std::span<const std::size_t> ranking,
                                std::span<const std::size_t> rows, bool among) {
  const auto sorted = sorted_once({rows.begin(), rows.end()});
  std::vector<std::size_t> kept;
  std::ranges::copy_if(ranking, std::back_inserter(kept), [&](auto row) {
    return std::ranges::binary_search(sorted, row) == among;
  });
  return kept;
}

}  // namespace

std::vector<std::size_t> ranking_of(std::span<const double> scores) {
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < scores.size(); ++row)
    if (!std::isnan(scores[row])) rows.push_back(row);
  std::ranges::sort(rows, [&](std::size_t a, std::size_t b) {
    return scores[a] > scores[b] || (scores[a] == scores[b] && a < b);
  });
  return rows;
}

std::vector<std::size_t> without_rows(std::span<const std::size_t> ranking,
                                      std::span<const std::size_t> rows) {
  return chosen(ranking, rows, false);
}

std::vector<std::size_t> only_rows(std::span<const std::size_t> ranking,
                                   std::span<const std::size_t> rows) {
  return chosen(ranking, rows, true);
}

std::vector<std::size_t> ranks_in(std::span<const std::size_t> ranking,
                                  std::span<const std::size_t> right) {
  const auto sorted = sorted_once({right.begin(), right.end()});
  std::vector<std::size_t> ranks;
  for (std::size_t place = 0; place < ranking.size(); ++place)
    if (std::ranges::binary_search(sorted, ranking[place]))
      ranks.push_back(place);
  ranks.resize(sorted.size(), unranked);
  return ranks;
}

}  // namespace igrot
