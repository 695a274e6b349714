// The numbers of an evaluation as tables: rows of labels, and the same columns
// for each split beside each other, or as the reference program prints them.
#pragma once

#include <optional>
#include <variant>

#include "eval/groups.h"

namespace igrot {

struct EvalColumn {
  std::string_view name;  ///< as it is printed; "n" is the number of questions
  int decimals = 1;
  std::string_view metric = {};  ///< of the metrics; empty: `name`
};

/// Nothing (a split without such a question), a number, or a word.
using EvalCell = std::variant<std::monostate, double, std::string_view>;

struct EvalTableRow {
  std::vector<std::string> labels;
  /// Columns of the first split, then of the next.
  std::vector<EvalCell> values;
  std::optional<int> decimals = {};  ///< where they are not the columns'
};

struct EvalTable {
  std::string title = {};           ///< for people
  std::vector<std::string> labels;  ///< what the labels are: "task", "method"
  std::vector<std::string> splits;  ///< by name; empty: columns stand once
  std::vector<EvalColumn> columns;
  std::vector<EvalTableRow> rows;

  std::size_t value_count() const;  ///< of a row
  const EvalColumn& column(std::size_t value) const;
  /// "seen mAP"; "mAP" where columns stand once.
  std::string column_name(std::size_t value) const;
};

/// A table that the reference program prints: a row for each task.
struct ReferenceTable {
  std::string_view label;     ///< above the rows: "Type"
  std::string_view row = {};  ///< of each row; empty: the task
  std::span<const EvalColumn> columns;
  /// How many leading columns are averaged again at the foot, behind a row of
  /// averages over tasks; 0: no foot. Where there is one, two columns or more.
  std::size_t final_columns = 0;
};

/// A row for each task and method; the task is left out where there is one.
EvalTable main_table(const std::vector<EvalGroup>& groups);

/// A row for each kind and method; no rows where there are no kinds.
EvalTable kind_table(const std::vector<EvalGroup>& groups,
                     std::span<const EvalColumn> columns = {});

/// As the reference prints it, rounded as it rounds; with several methods a row
/// for each, which is then the second label.
EvalTable reference_table(const std::vector<EvalGroup>& groups,
                          const ReferenceTable& form);

/// The numbers of a table whose last label is the method, turned so that
/// methods stand beside each other: a row for each number of the others. No
/// rows where there are fewer than two methods.
EvalTable method_table(const EvalTable& table);

/// Every group with every metric, unrounded: a row each.
EvalTable group_table(const std::vector<EvalGroup>& groups);

/// "29.9"; "-" where there is nothing.
std::string shown_value(const EvalTable& table, const EvalTableRow& row,
                        std::size_t i);

}  // namespace igrot
