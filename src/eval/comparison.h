// Two evaluations of one benchmark, question by question.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "eval/bootstrap.h"
#include "eval/tables.h"

namespace igrot {

/// A question of a run, without what it found.
struct RunQuestion {
  std::string task;
  std::string split;
  std::string method;
  std::string id;                    ///< of the task
  std::optional<std::size_t> first;  ///< place of the first right answer
  std::vector<double> values;        ///< of each of `EvalRun::metrics`, 0 to 1
  std::size_t line = 0;              ///< of the run's questions, from 0
};

struct EvalRun {
  std::string name;  ///< as people know it: its folder
  std::vector<std::string> metrics;
  std::vector<RunQuestion> questions;

  /// Of one of the metrics. Throws Error: usage, naming those there are.
  std::size_t metric_place(std::string_view metric) const;
};

struct ComparisonOptions {
  std::vector<std::string> metrics = {};  ///< empty: all that both have
  /// Whose questions are held against whose; empty: as both call them, or the
  /// one of A against the one of B.
  std::vector<std::pair<std::string, std::string>> methods = {};
  bool common = false;  ///< leave out what only one of them was asked
  BootstrapOptions bootstrap = {};
  std::size_t threads = 1;
};

/// B against A in one metric, in percent.
struct ComparedMetric {
  std::string name;
  std::size_t questions = 0;  ///< that count in both
  double a = 0;
  double b = 0;
  double difference = 0;  ///< b - a
  Interval interval;      ///< of the difference
  std::size_t wins = 0;   ///< questions where B is better
  std::size_t losses = 0;
  std::size_t ties = 0;
  double sign_p = 1;  ///< `sign_test`

  /// "+" or "-" where the interval lies on one side of 0, else "=".
  std::string_view sign() const;
};

struct ComparedGroup {
  std::string task;
  std::string split;
  std::string method;  ///< "composed", "image -> composed"
  bool whole = false;  ///< of every task and split; `task` is then "all"
  std::vector<std::pair<std::size_t, std::size_t>> pairs;  ///< into `questions`
  std::vector<ComparedMetric> metrics;
};

struct Comparison {
  std::vector<ComparedGroup> groups;  ///< of each method: tasks, then "all"
  std::size_t only_a = 0;             ///< questions left out
  std::size_t only_b = 0;
};

/// Questions are matched by task and id. Throws Error: usage (other questions,
/// no such metric or method, nothing in common), corrupt (a question twice).
Comparison compare_runs(const EvalRun& a, const EvalRun& b,
                        const ComparisonOptions& options);

/// A row for each group and metric.
EvalTable comparison_table(const Comparison& comparison);

}  // namespace igrot
