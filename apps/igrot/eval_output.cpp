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
  for (std::size_t i = 0; i < table.splits.size(); ++i)
    for (const auto& column : table.columns)
      widths.values.push_back(column.name.size());
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

}  // namespace

std::string table_text(const EvalTable& table) {
  if (table.rows.empty()) return "";
  const auto widths = widths_of(table);
  auto text = splits_text(table, widths) +
              line_text(table.labels, widths, [&](std::size_t i) {
                return table.columns[i % table.columns.size()].name;
              });
  for (const auto& row : table.rows)
    text += line_text(row.labels, widths, [&](std::size_t i) {
      return shown_value(table, row, i);
    });
  return text;
}

Json table_json(const EvalTable& table) {
  auto columns = Json::array();
  for (const auto& label : table.labels) columns.push_back(label);
  for (const auto& split : table.splits)
    for (const auto& column : table.columns)
      columns.push_back(split + " " + std::string(column.name));
  auto rows = Json::array();
  for (const auto& row : table.rows) {
    auto cells = Json::array();
    for (const auto& label : row.labels) cells.push_back(label);
    for (const auto& value : row.values)
      cells.push_back(value ? Json(*value) : Json());
    rows.push_back(std::move(cells));
  }
  return {{"columns", columns}, {"rows", rows}};
}

Json metrics_json(const std::vector<EvalGroup>& groups) {
  auto metrics = Json::object();
  for (const auto& group : groups) {
    const auto path = group.path() + "/";
    metrics[path + "n"] = group.questions;
    for (std::size_t i = 0; i < eval_metrics.size(); ++i)
      metrics[path + std::string(eval_metrics[i].name)] = group.values[i];
  }
  return metrics;
}

Json task_json(const EvalTask& task) {
  auto gallery = Json::array();
  for (const auto& file : task.gallery) gallery.push_back(file.string());
  auto questions = Json::array();
  for (const auto& question : task.questions)
    questions.push_back({{"picture", question.picture.string()},
                         {"text", question.text},
                         {"split", question.split},
                         {"kind", question.kind},
                         {"relevant", question.relevant},
                         {"removed", question.removed}});
  return {{"gallery", gallery}, {"questions", questions}};
}

}  // namespace igrot::app
