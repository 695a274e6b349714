// What rankings are made of: scores and the order they give.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "igrot/tensor.h"

namespace igrot {

/// A row of the gallery and how well it answers a query.
struct ScoredRow {
  float score = 0;
  std::size_t row = 0;
};

/// Whether `a` comes before `b`: by score, equal ones by row. Both scores are
/// numbers.
constexpr bool comes_before(const ScoredRow& a, const ScoredRow& b) {
  return a.score > b.score || (a.score == b.score && a.row < b.row);
}

/// The inner product, rounded to float32 once; the same wherever and by
/// whichever thread it is computed. a, b: of one width.
float ranking_score(std::span<const float> a, std::span<const float> b);

/// The scores of every row of a gallery [G, d] for a query [d].
std::vector<float> ranking_scores(std::span<const float> query,
                                  MatrixView gallery);

}  // namespace igrot
