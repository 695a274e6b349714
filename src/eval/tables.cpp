#include "eval/tables.h"

#include <fmt/format.h>

#include <algorithm>

namespace igrot {
namespace {

constexpr std::array main_columns{EvalColumn{"mAP"}, EvalColumn{"R@1"},
                                  EvalColumn{"R@10"}, EvalColumn{"R@50"}};
constexpr std::array emoji_kind_columns{EvalColumn{"n", 0}, EvalColumn{"mAP"},
                                        EvalColumn{"R@1"}, EvalColumn{"R@10"}};

double value_of(const EvalGroup& group, std::string_view column) {
  if (column == "n") return static_cast<double>(group.questions);
  return group.value(column);
}

std::string_view metric_of(const EvalColumn& column) {
  return column.metric.empty() ? column.name : column.metric;
}

std::vector<EvalGroup> without_kinds(const std::vector<EvalGroup>& groups) {
  std::vector<EvalGroup> whole;
  std::ranges::copy_if(
      groups, std::back_inserter(whole),
      [](const EvalGroup& group) { return group.kind.empty(); });
  return whole;
}

/// The table of some groups. `labels_of` names the row that a group is in.
template <class LabelsOf>
EvalTable table_of(const std::vector<EvalGroup>& groups,
                   std::span<const EvalColumn> columns,
                   const LabelsOf& labels_of) {
  EvalTable table;
  table.columns = {columns.begin(), columns.end()};
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
      row->values[place++] = value_of(group, metric_of(column));
  }
  return table;
}

/// The rows of one method: tasks, and at the foot what they come to together.
class ReferenceRows {
 public:
  ReferenceRows(const ReferenceTable& form, std::vector<std::string> behind)
      : form_(form), behind_(std::move(behind)), sums_(form.columns.size()) {}

  void add(const EvalGroup& group) {
    std::vector<EvalCell> values;
    for (std::size_t i = 0; i < sums_.size(); ++i) {
      const auto value = group.printed_value(metric_of(form_.columns[i]));
      sums_[i] += value;
      values.emplace_back(value);
    }
    add(form_.row.empty() ? group.task : std::string(form_.row), values);
  }

  void add_foot() {
    const auto tasks = static_cast<double>(rows_.size());
    std::vector<EvalCell> averages;
    double sum = 0;
    for (std::size_t i = 0; i < sums_.size(); ++i) {
      averages.emplace_back(sums_[i] / tasks);
      if (i < form_.final_columns) sum += sums_[i];
    }
    std::vector<EvalCell> last(sums_.size(), EvalCell("-"));
    last[0] = "->";
    last[1] = sum / (tasks * static_cast<double>(form_.final_columns));
    add("Average", averages);
    add("Final avg", last);
  }

  std::vector<EvalTableRow> rows() && { return std::move(rows_); }

 private:
  void add(std::string label, std::vector<EvalCell> values) {
    EvalTableRow row{{std::move(label)}, std::move(values)};
    row.labels.insert(row.labels.end(), behind_.begin(), behind_.end());
    rows_.push_back(std::move(row));
  }

  const ReferenceTable& form_;
  std::vector<std::string> behind_;
  std::vector<double> sums_;
  std::vector<EvalTableRow> rows_;
};

/// The methods that the last label of the rows names, as columns.
std::vector<EvalColumn> method_columns(const EvalTable& table) {
  std::vector<EvalColumn> columns;
  for (const auto& method : eval_methods)
    if (std::ranges::any_of(table.rows, [&](const EvalTableRow& row) {
          return row.labels.back() == method.name;
        }))
      columns.push_back({method.name});
  return columns;
}

/// What names value `i` of a row where methods are columns.
std::vector<std::string> labels_beside(const EvalTable& table,
                                       const EvalTableRow& row, std::size_t i) {
  std::vector<std::string> labels(row.labels.begin(), row.labels.end() - 1);
  if (!table.splits.empty())
    labels.push_back(table.splits[i / table.columns.size()]);
  labels.emplace_back(table.column(i).name);
  return labels;
}

bool has_number(const EvalTableRow& row) {
  return std::ranges::any_of(row.values, [](const EvalCell& cell) {
    return std::holds_alternative<double>(cell);
  });
}

std::vector<std::string> methods_of(const std::vector<EvalGroup>& groups) {
  std::vector<std::string> methods;
  for (const auto& group : groups)
    if (std::ranges::find(methods, group.method) == methods.end())
      methods.push_back(group.method);
  return methods;
}

}  // namespace

EvalTable main_table(const std::vector<EvalGroup>& groups) {
  const auto whole = without_kinds(groups);
  const bool one_task = std::ranges::all_of(whole, [&](const EvalGroup& group) {
    return group.task == whole.front().task;
  });
  auto table = table_of(whole, main_columns, [&](const EvalGroup& group) {
    std::vector<std::string> labels{group.task, group.method};
    if (one_task) labels.erase(labels.begin());
    return labels;
  });
  table.title = "All questions";
  table.labels = {"task", "method"};
  if (one_task) table.labels.erase(table.labels.begin());
  return table;
}

EvalTable kind_table(const std::vector<EvalGroup>& groups,
                     std::span<const EvalColumn> columns) {
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
  auto table =
      table_of(by_kind, columns.empty() ? emoji_kind_columns : columns,
               [](const EvalGroup& group) {
                 return std::vector<std::string>{group.kind, group.method};
               });
  table.title = "By kind";
  table.labels = {"kind", "method"};
  return table;
}

EvalTable reference_table(const std::vector<EvalGroup>& groups,
                          const ReferenceTable& form) {
  const auto whole = without_kinds(groups);
  const auto methods = methods_of(whole);
  EvalTable table;
  table.title = "All questions";
  table.labels = {std::string(form.label)};
  if (methods.size() > 1) table.labels.emplace_back("Method");
  table.columns = {form.columns.begin(), form.columns.end()};
  for (const auto& method : methods) {
    ReferenceRows rows(form, methods.size() > 1
                                 ? std::vector<std::string>{method}
                                 : std::vector<std::string>{});
    for (const auto& group : whole)
      if (group.method == method) rows.add(group);
    if (form.final_columns > 0) rows.add_foot();
    std::ranges::move(std::move(rows).rows(), std::back_inserter(table.rows));
  }
  return table;
}

EvalTable method_table(const EvalTable& table) {
  EvalTable turned;
  turned.title = "Methods beside each other";
  turned.columns = method_columns(table);
  if (turned.columns.size() < 2) return {};
  turned.labels.assign(table.labels.begin(), table.labels.end() - 1);
  if (!table.splits.empty()) turned.labels.emplace_back("split");
  turned.labels.emplace_back("metric");
  for (const auto& row : table.rows) {
    const auto method =
        std::ranges::find(turned.columns, row.labels.back(), &EvalColumn::name);
    for (std::size_t i = 0; i < row.values.size(); ++i) {
      const auto labels = labels_beside(table, row, i);
      auto place =
          std::ranges::find(turned.rows, labels, &EvalTableRow::labels);
      if (place == turned.rows.end()) {
        turned.rows.push_back({labels, {}, table.column(i).decimals});
        place = turned.rows.end() - 1;
        place->values.resize(turned.columns.size());
      }
      place->values[static_cast<std::size_t>(method - turned.columns.begin())] =
          row.values[i];
    }
  }
  std::erase_if(turned.rows,
                [](const EvalTableRow& row) { return !has_number(row); });
  return turned;
}

EvalTable group_table(const std::vector<EvalGroup>& groups) {
  EvalTable table;
  table.title = "Every metric";
  table.labels = {"task", "split", "kind", "method"};
  table.columns = {EvalColumn{"n", 0}};
  if (!groups.empty())
    for (const auto& metric : groups.front().metrics)
      table.columns.push_back({metric.name});
  for (const auto& group : groups) {
    EvalTableRow row{{group.task, group.split, group.kind, group.method}, {}};
    row.values.emplace_back(static_cast<double>(group.questions));
    row.values.insert(row.values.end(), group.values.begin(),
                      group.values.end());
    table.rows.push_back(std::move(row));
  }
  return table;
}

std::size_t EvalTable::value_count() const {
  return std::max<std::size_t>(splits.size(), 1) * columns.size();
}

const EvalColumn& EvalTable::column(std::size_t value) const {
  return columns[value % columns.size()];
}

std::string EvalTable::column_name(std::size_t value) const {
  const std::string name(column(value).name);
  return splits.empty() ? name : splits[value / columns.size()] + " " + name;
}

std::string shown_value(const EvalTable& table, const EvalTableRow& row,
                        std::size_t i) {
  if (const auto* number = std::get_if<double>(&row.values[i]))
    return fmt::format("{:.{}f}", *number,
                       row.decimals.value_or(table.column(i).decimals));
  const auto* word = std::get_if<std::string_view>(&row.values[i]);
  return word ? std::string(*word) : "-";
}

}  // namespace igrot
