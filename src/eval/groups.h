// What an evaluation came to: every metric for every group of questions.
#pragma once

#include <array>

#include "eval/evaluate.h"
#include "metrics/average_precision.h"
#include "metrics/recall.h"

namespace igrot {

/// One row a metric; values are percent.
struct EvalMetric {
  std::string_view name;
  double (*value)(RowLists ranks);
};

template <AveragePrecision definition>
double mean_precision_of(RowLists ranks) {
  return mean_average_precision(ranks, definition);
}

template <std::size_t k>
double recall_of(RowLists ranks) {
  return recall_at(first_ranks(ranks), k);
}

/// Average precision is the plain one where nothing else is said.
inline constexpr std::array eval_metrics{
    EvalMetric{"mAP", mean_precision_of<AveragePrecision::plain>},
    EvalMetric{"mAP trapezoidal",
               mean_precision_of<AveragePrecision::trapezoidal>},
    EvalMetric{"mAP voc", mean_precision_of<AveragePrecision::voc>},
    EvalMetric{"R@1", recall_of<1>},
    EvalMetric{"R@5", recall_of<5>},
    EvalMetric{"R@10", recall_of<10>},
    EvalMetric{"R@50", recall_of<50>}};

/// Questions of one task and split, asked in one way: all, or those of a kind.
struct EvalGroup {
  std::string task;
  std::string split;
  std::string kind;  ///< empty: all kinds
  std::string method;
  std::size_t questions = 0;
  std::array<double, eval_metrics.size()> values{};  ///< as `eval_metrics`

  /// Of a name of `eval_metrics`.
  double value(std::string_view metric) const;

  /// "line-noto/seen/image", "cir/unseen/skin tone/composed".
  std::string path() const;
};

/// In the order of the rankings; of each first the splits whole, then by kind
/// where questions have kinds. Splits by name, kinds as they first appear.
std::vector<EvalGroup> eval_groups(const Evaluation& evaluation);

}  // namespace igrot
