#include "metrics/scores.h"

#include <algorithm>

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

}  // namespace igrot
