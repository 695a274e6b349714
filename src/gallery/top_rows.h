// The best k rows of one query, met one score at a time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

#include "igrot/search.h"

namespace igrot {

/// The ranking: higher scores first, equal ones in row order. Total over rows,
/// so the best k do not depend on the order in which rows are met.
inline bool ranks_before(const RowHit& a, const RowHit& b) {
  return a.score > b.score || (a.score == b.score && a.row < b.row);
}

/// Keeps what may still be among the best k; sorts out the rest when the
/// buffer has grown to twice that, so that a row costs amortised O(1).
class TopRows {
 public:
  TopRows(std::size_t k, float min_score) : k_(k), bar_(min_score) {}

  /// Whether a row with this score may be among the best. Not for NaN.
  bool wants(float score) const { return score >= bar_; }

  void add(RowHit hit) {
    hits_.push_back(hit);
    if (hits_.size() >= slack && hits_.size() / 2 >= k_) keep_best();
  }

  void merge(const TopRows& other) {
    for (const auto& hit : other.hits_)
      if (wants(hit.score)) add(hit);
  }

  /// Best first, at most k.
  std::vector<RowHit> ranked() && {
    const auto count = std::min(k_, hits_.size());
    const auto end = hits_.begin() + static_cast<std::ptrdiff_t>(count);
    std::partial_sort(hits_.begin(), end, hits_.end(), ranks_before);
    hits_.resize(count);
    return std::move(hits_);
  }

 private:
  static constexpr std::size_t slack = 64;

  void keep_best() {
    const auto last = hits_.begin() + static_cast<std::ptrdiff_t>(k_ - 1);
    std::nth_element(hits_.begin(), last, hits_.end(), ranks_before);
    bar_ = std::max(bar_, last->score);
    hits_.resize(k_);
  }

  std::size_t k_;
  float bar_;
  std::vector<RowHit> hits_;
};

}  // namespace igrot
