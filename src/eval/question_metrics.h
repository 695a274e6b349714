// What one question's ranking is worth, by each definition that benchmarks use.
// Formulas: docs/metrics.md; which benchmark reports what: docs/evaluation.md.
#pragma once

#include "metrics/average_precision.h"

namespace igrot {

/// Where a question's answers came out; 0 is first.
struct AnswerPlaces {
  std::vector<std::size_t> right;  ///< of every right answer, ascending
  std::size_t target = unranked;   ///< of the answer that was meant
  std::size_t in_subset =
      unranked;  ///< of that answer in the question's subset
};

/// One row a metric: a mean over questions, in percent.
struct EvalMetric {
  std::string_view name;
  /// Of one question, 0 to 1; not a number where it does not count.
  double (*value)(const AnswerPlaces& places);
  /// The mean as the reference program rounds it; null: not at all.
  double (*printed)(std::span<const double> values) = nullptr;
};

using EvalMetrics = std::span<const EvalMetric>;

/// Mean of those that are numbers, in percent; 0 where none is.
double mean_percent(std::span<const double> values);

/// The metric's mean as the reference prints it.
double printed_percent(const EvalMetric& metric,
                       std::span<const double> values);

/// R@k of data sets of composed questions: the quotient is a float32.
double float_percent(std::span<const double> values);

/// Two decimals, of R@k and mAP of drawings and domains.
double two_decimal_percent(std::span<const double> values);

/// Two decimals, of P@k: summed and rounded in float32.
double float_two_decimal_percent(std::span<const double> values);

// The families, by the shape of what is right.
EvalMetrics emoji_metrics();
EvalMetrics one_answer_metrics();  ///< FashionIQ, LaSCo
EvalMetrics subset_metrics();      ///< CIRR
EvalMetrics truths_metrics();      ///< CIRCO
EvalMetrics class_metrics();       ///< drawings and domains

}  // namespace igrot
