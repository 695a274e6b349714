// The questions that tell two evaluations apart.
#pragma once

#include "eval/comparison.h"

namespace igrot {

/// A question that came out better, or worse, in B.
struct ChangedQuestion {
  std::size_t a = 0;  ///< into `EvalRun::questions`
  std::size_t b = 0;
  double difference = 0;  ///< of the metric, b - a, 0 to 1
};

/// The metric by which changes are ordered where none is asked for.
std::string chief_metric(const EvalRun& run);

/// The `count` biggest wins of B, and the losses: by the metric, equal ones by
/// how far the first right answer moved.
struct BiggestChanges {
  std::vector<ChangedQuestion> wins;
  std::vector<ChangedQuestion> losses;
};
BiggestChanges biggest_changes(const EvalRun& a, const EvalRun& b,
                               const Comparison& comparison,
                               std::string_view metric, std::size_t count);

}  // namespace igrot
