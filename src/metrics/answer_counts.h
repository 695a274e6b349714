// How many rows of a gallery come before each right answer of one query.
//
// Rows pass with scores of a fast kernel, which are near the `ranking_score`.
// Where such a score lies farther from every answer's than the two can differ,
// it tells the row's place; else the row's exact score decides. Ranks are
// therefore those of exact scores.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "igrot/tensor.h"
#include "metrics/scores.h"

namespace igrot {

class AnswerCounts {
 public:
  /// relevant, removed: rows of the gallery, which outlives this, in any order.
  /// longest: `longest_row(gallery)`.
  AnswerCounts(std::span<const float> query, MatrixView gallery, double longest,
               const std::vector<std::size_t>& relevant,
               const std::vector<std::size_t>& removed);

  /// Scores the answers among the rows before `end`. Called with growing ends,
  /// the last of them the gallery's, so that rows are still in a cache.
  void score_answers(std::size_t end);
  /// After that, before rows pass.
  void sort_answers();

  /// Counts the rows from `first` on. scores: of the kernels of
  /// gallery/scores.h; they are overwritten.
  void pass(std::size_t first, std::span<float> scores);

  /// Places of the answers, ascending, once every row has passed; answers
  /// without a number last.
  std::vector<std::size_t> ranks() const;

 private:
  void build_bins();
  std::size_t bin_of(float score) const;
  std::size_t sure_before(float score, std::size_t bin) const;
  void count_exactly(std::size_t row, std::size_t surely);

  std::span<const float> query_;
  MatrixView gallery_;
  std::vector<std::size_t> uncounted_;  ///< answers and removed rows, ascending
  std::size_t removed_ = 0;
  std::size_t scored_ = 0;          ///< answers that have a score
  std::size_t no_numbers_ = 0;      ///< answers whose score is no number
  std::vector<ScoredRow> answers_;  ///< best first

  /// How far a kernel's score may be from the exact one; infinite where nothing
  /// is known.
  float error_ = 0;

  /// What passing rows look at of an answer, side by side.
  struct Place {
    float low = 0;   ///< its score less the error
    float high = 0;  ///< and with it
    /// Of the rows that are counted, how many come before the answer and not
    /// before the one ahead of it.
    std::size_t before = 0;
  };
  /// Of every answer; then one that is below any score, for rows behind all.
  std::vector<Place> places_;
  float bottom_ = 0;  ///< the last answer's `low`
  /// Answers by `low`, in bins of equal width: first_[b] of them lie in bins
  /// before b.
  std::vector<std::uint32_t> first_;
  float scale_ = 0;  ///< bins a unit of score
  struct NearRow {
    std::uint32_t row;
    std::uint32_t bin;
  };
  std::vector<NearRow> near_;  ///< of `pass`
};

}  // namespace igrot
