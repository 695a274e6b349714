#include "metrics/scores.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace igrot {

// Eight sums side by side, so that vector units can take them; their order
// depends on the width alone.
float ranking_score(std::span<const float> a, std::span<const float> b) {
  constexpr std::size_t lanes = 8;
  std::array<double, lanes> sums{};
  std::size_t i = 0;
  for (; i + lanes <= a.size(); i += lanes)
    for (std::size_t lane = 0; lane < lanes; ++lane)
      sums[lane] += double{a[i + lane]} * double{b[i + lane]};
  for (; i < a.size(); ++i) sums[i % lanes] += double{a[i]} * double{b[i]};
  double sum = 0;
  for (const double part : sums) sum += part;
  return static_cast<float>(sum);
}

std::vector<float> ranking_scores(std::span<const float> query,
                                  MatrixView gallery) {
  std::vector<float> scores(gallery.rows);
  for (std::size_t row = 0; row < gallery.rows; ++row)
    scores[row] = ranking_score(query, gallery.row(row));
  return scores;
}

std::vector<ScoredRow> first_rows(std::span<const float> query,
                                  MatrixView gallery,
                                  std::span<const std::size_t> removed,
                                  std::size_t count) {
  std::vector<ScoredRow> rows;
  const auto scores = ranking_scores(query, gallery);
  for (std::size_t row = 0; row < scores.size(); ++row)
    if (std::ranges::find(removed, row) == removed.end())
      rows.push_back({scores[row], row});
  const auto first =
      rows.begin() + static_cast<std::ptrdiff_t>(std::min(count, rows.size()));
  std::partial_sort(rows.begin(), first, rows.end(),
                    [](const ScoredRow& a, const ScoredRow& b) {
                      const bool a_is_number = !std::isnan(a.score);
                      const bool b_is_number = !std::isnan(b.score);
                      if (a_is_number && b_is_number) return comes_before(a, b);
                      if (a_is_number != b_is_number) return a_is_number;
                      return a.row < b.row;
                    });
  rows.erase(first, rows.end());
  return rows;
}

}  // namespace igrot
