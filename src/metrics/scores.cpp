#include "metrics/scores.h"

#include <algorithm>
#include <cmath>

#include "metrics/exact_dot.h"

namespace igrot {

float ranking_score(std::span<const float> a, std::span<const float> b) {
  static const auto dot =
      std::ranges::find_if(exact_dots(), [](const ExactDotRow& row) {
        return row.supported();
      })->run;
  return dot(a.data(), b.data(), a.size());
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
