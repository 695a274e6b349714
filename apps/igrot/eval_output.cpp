#include "eval_output.h"

#include <fmt/format.h>

#include <algorithm>

#include "terminal.h"

namespace igrot::app {
namespace {

constexpr std::string_view gap = "  ";

/// How wide each label and each value is printed.
struct Widths {
  std::vector<std::size_t> labels;
  std::vector<std::size_t> values;
};

Widths widths_of(const EvalTable& table) {
  Widths widths;
  for (const auto& label : table.labels)
    widths.labels.push_back(character_count(label));
  for (std::size_t i = 0; i < table.value_count(); ++i)
    widths.values.push_back(table.column(i).name.size());
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.labels.size(); ++i)
      widths.labels[i] =
          std::max(widths.labels[i], character_count(printable(row.labels[i])));
    for (std::size_t i = 0; i < row.values.size(); ++i)
      widths.values[i] =
          std::max(widths.values[i], shown_value(table, row, i).size());
  }
  return widths;
}

std::string labels_text(const std::vector<std::string>& labels,
                        const Widths& widths) {
  std::string text;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto label = printable(labels[i]);
    text += label;
    text += std::string(widths.labels[i] - character_count(label), ' ');
    text += gap;
  }
  return text;
}

/// The line of the splits, each above its first column.
std::string splits_text(const EvalTable& table, const Widths& widths) {
  const std::vector<std::string> blank(table.labels.size());
  auto text = labels_text(blank, widths);
  for (std::size_t i = 0; i < table.splits.size(); ++i) {
    std::size_t width = 0;
    for (std::size_t j = 0; j < table.columns.size(); ++j)
      width += widths.values[i * table.columns.size() + j] + gap.size();
    text += fmt::format("{:<{}}", printable(table.splits[i]), width);
  }
  return text.substr(0, text.find_last_not_of(' ') + 1) + "\n";
}

/// The line of values, or of what stands above them.
template <class ValueOf>
std::string line_text(const std::vector<std::string>& labels,
                      const Widths& widths, const ValueOf& value_of) {
  auto text = labels_text(labels, widths);
  for (std::size_t i = 0; i < widths.values.size(); ++i)
    text += fmt::format("{:>{}}{}", value_of(i), widths.values[i],
                        i + 1 < widths.values.size() ? gap : "");
  return text + "\n";
}

Json cell_json(const EvalCell& cell) {
  if (const auto* number = std::get_if<double>(&cell)) return *number;
  if (const auto* word = std::get_if<std::string_view>(&cell)) return *word;
  return {};
}

}  // namespace

std::string table_text(const EvalTable& table) {
  if (table.rows.empty()) return "";
  const auto widths = widths_of(table);
  std::string text;
  if (!table.splits.empty()) text = splits_text(table, widths);
  text += line_text(table.labels, widths,
                    [&](std::size_t i) { return table.column(i).name; });
  for (const auto& row : table.rows)
    text += line_text(row.labels, widths, [&](std::size_t i) {
      return shown_value(table, row, i);
    });
  return text;
}

Json table_json(const EvalTable& table) {
  auto columns = Json::array();
  for (const auto& label : table.labels) columns.push_back(label);
  for (std::size_t i = 0; i < table.value_count(); ++i)
    columns.push_back(table.column_name(i));
  auto rows = Json::array();
  for (const auto& row : table.rows) {
    auto cells = Json::array();
    for (const auto& label : row.labels) cells.push_back(label);
    for (const auto& value : row.values) cells.push_back(cell_json(value));
    rows.push_back(std::move(cells));
  }
  return {{"columns", columns}, {"rows", rows}};
}

Json metrics_json(const std::vector<EvalGroup>& groups) {
  auto metrics = Json::object();
  const auto add = [&](const std::string& path, const EvalGroup& group) {
    metrics[path + "n"] = group.questions;
    for (std::size_t i = 0; i < group.metrics.size(); ++i)
      metrics[path + std::string(group.metrics[i].name)] = group.values[i];
  };
  const auto is_whole = [](const EvalGroup& group) {
    return group.kind.empty();
  };
  for (const auto& group : groups) add(group.path() + "/", group);
  if (std::ranges::count_if(groups, is_whole) == 1)
    add("", *std::ranges::find_if(groups, is_whole));
  return metrics;
}

Json task_json(const EvalTask& task) {
  auto gallery = Json::array();
  for (const auto& file : task.gallery) gallery.push_back(file.string());
  auto questions = Json::array();
  for (const auto& question : task.questions)
    questions.push_back({{"id", question.id},
                         {"picture", question.picture.string()},
                         {"text", question.text},
                         {"split", question.split},
                         {"kinds", question.kinds},
                         {"relevant", question.relevant.list()},
                         {"removed", question.removed}});
  return {{"gallery", gallery}, {"questions", questions}};
}

}  // namespace igrot::app
