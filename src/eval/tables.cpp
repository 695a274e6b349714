#include "eval/tables.h"

#include <fmt/format.h>

#include <algorithm>

namespace igrot {
namespace {

constexpr std::array main_columns{EvalColumn{"mAP"}, EvalColumn{"R@1"},
                                  EvalColumn{"R@10"}, EvalColumn{"R@50"}};
constexpr std::array kind_columns{EvalColumn{"n", 0}, EvalColumn{"mAP"},
                                  EvalColumn{"R@1"}, EvalColumn{"R@10"}};

double value_of(const EvalGroup& group, std::string_view column) {
  if (column == "n") return static_cast<double>(group.questions);
  return group.value(column);
}

/// The table of some groups. `labels_of` names the row that a group is in.
template <class LabelsOf>
EvalTable table_of(const std::vector<EvalGroup>& groups,
                   std::span<const EvalColumn> columns,
                   const LabelsOf& labels_of) {
  EvalTable table;
  table.columns = columns;
  for (const auto& group : groups)
    if (std::ranges::find(table.splits, group.split) == table.splits.end())
      table.splits.push_back(group.split);
  std::ranges::sort(table.splits);
  for (const auto& group : groups) {
    const auto labels = labels_of(group);
    auto row = std::ranges::find(table.rows, labels, &EvalTableRow::labels);
    if (row == table.rows.end()) {
      table.rows.push_back({labels, {}});
      row = table.rows.end() - 1;
      row->values.resize(table.splits.size() * columns.size());
    }
    const auto split = std::ranges::find(table.splits, group.split);
    auto place =
        static_cast<std::size_t>(split - table.splits.begin()) * columns.size();
    for (const auto& column : columns)
      row->values[place++] = value_of(group, column.name);
  }
  return table;
}

}  // namespace

EvalTable main_table(const std::vector<EvalGroup>& groups) {
  std::vector<EvalGroup> whole;
  std::ranges::copy_if(
      groups, std::back_inserter(whole),
      [](const EvalGroup& group) { return group.kind.empty(); });
  const bool one_task = std::ranges::all_of(whole, [&](const EvalGroup& group) {
    return group.task == whole.front().task;
  });
  auto table = table_of(whole, main_columns, [&](const EvalGroup& group) {
    std::vector<std::string> labels{group.task, group.method};
    if (one_task) labels.erase(labels.begin());
    return labels;
  });
  table.labels = {"task", "method"};
  if (one_task) table.labels.erase(table.labels.begin());
  return table;
}

EvalTable kind_table(const std::vector<EvalGroup>& groups) {
  std::vector<EvalGroup> by_kind;
  std::ranges::copy_if(
      groups, std::back_inserter(by_kind),
      [](const EvalGroup& group) { return !group.kind.empty(); });
  std::vector<std::string> kinds;
  const auto place = [&](const EvalGroup& group) {
    return std::ranges::find(kinds, group.kind) - kinds.begin();
  };
  for (const auto& group : by_kind)
    if (place(group) == std::ssize(kinds)) kinds.push_back(group.kind);
  std::ranges::stable_sort(by_kind, {}, place);
  auto table = table_of(by_kind, kind_columns, [](const EvalGroup& group) {
    return std::vector<std::string>{group.kind, group.method};
  });
  table.labels = {"kind", "method"};
  return table;
}

std::string shown_value(const EvalTable& table, const EvalTableRow& row,
                        std::size_t i) {
  if (!row.values[i]) return "-";
  const auto& column = table.columns[i % table.columns.size()];
  return fmt::format("{:.{}f}", *row.values[i], column.decimals);
}

}  // namespace igrot
