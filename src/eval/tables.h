// The numbers of an evaluation as tables: rows of labels, and the same columns
// for each split beside each other.
#pragma once

#include <optional>

#include "eval/groups.h"

namespace igrot {

struct EvalColumn {
  std::string_view name;  ///< "n" (questions), or of `eval_metrics`
  int decimals = 1;
};

struct EvalTableRow {
  std::vector<std::string> labels;
  /// Columns of the first split, then of the next; nothing where a split has
  /// no such question.
  std::vector<std::optional<double>> values;
};

struct EvalTable {
  std::vector<std::string> labels;  ///< what the labels are: "task", "method"
  std::vector<std::string> splits;  ///< by name
  std::span<const EvalColumn> columns;
  std::vector<EvalTableRow> rows;
};

/// A row for each task and method; the task is left out where there is one.
EvalTable main_table(const std::vector<EvalGroup>& groups);

/// A row for each kind and method; no rows where there are no kinds.
EvalTable kind_table(const std::vector<EvalGroup>& groups);

/// "29.9"; "-" where there is nothing.
std::string shown_value(const EvalTable& table, const EvalTableRow& row,
                        std::size_t i);

}  // namespace igrot
