// What an evaluation came to: every metric for every group of questions.
#pragma once

#include "eval/evaluate.h"

namespace igrot {

/// Questions of one task and split, asked in one way: all, or those of a kind.
struct EvalGroup {
  std::string task;
  std::string split;
  std::string kind;  ///< empty: all kinds
  std::string method;
  std::size_t questions = 0;
  EvalMetrics metrics;
  std::vector<double> values;   ///< of each of the metrics, percent
  std::vector<double> printed;  ///< as the reference program rounds them

  /// Of one of the metrics, by name.
  double value(std::string_view metric) const;
  double printed_value(std::string_view metric) const;

  /// "line-noto/seen/image", "cir/unseen/skin tone/composed"; a task that is
  /// called as its split is named once: "val/composed".
  std::string path() const;
};

/// In the order of the rankings that are judged; of each first the splits
/// whole, then by kind where questions have kinds. Splits by name, kinds as
/// they first appear.
std::vector<EvalGroup> eval_groups(const Evaluation& evaluation);

}  // namespace igrot
