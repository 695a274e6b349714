#include "eval/table_export.h"

#include <fmt/format.h>

namespace igrot {
namespace {

constexpr std::string_view csv_line_end = "\r\n";

/// Marks that Markdown reads within a cell lose their meaning.
std::string markdown_text(std::string_view text) {
  static constexpr std::string_view marks = "\\`*_[]<>|~";
  std::string escaped;
  for (const char c : text) {
    if (marks.find(c) != std::string_view::npos) escaped += '\\';
    escaped += c == '\n' || c == '\r' ? ' ' : c;
  }
  return escaped;
}

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos)
    return std::string(text);
  std::string field = "\"";
  for (const char c : text) field += c == '"' ? "\"\"" : std::string(1, c);
  return field + "\"";
}

std::string csv_cell(const EvalCell& cell) {
  if (const auto* number = std::get_if<double>(&cell))
    return fmt::format("{}", *number);
  const auto* word = std::get_if<std::string_view>(&cell);
  return word ? csv_field(*word) : "";
}

std::string csv_line(const std::vector<std::string>& fields) {
  std::string line;
  for (const auto& field : fields)
    line += (&field == &fields.front() ? "" : ",") + field;
  return line.append(csv_line_end);
}

}  // namespace

std::string table_markdown(const EvalTable& table) {
  if (table.rows.empty()) return "";
  std::string head = "|";
  std::string rule = "|";
  for (const auto& label : table.labels) {
    head += " " + markdown_text(label) + " |";
    rule += "---|";
  }
  for (std::size_t i = 0; i < table.value_count(); ++i) {
    head += " " + markdown_text(table.column_name(i)) + " |";
    rule += "---:|";
  }
  auto text = head + "\n" + rule + "\n";
  for (const auto& row : table.rows) {
    text += "|";
    for (const auto& label : row.labels)
      text += " " + markdown_text(label) + " |";
    for (std::size_t i = 0; i < row.values.size(); ++i)
      text += " " + shown_value(table, row, i) + " |";
    text += "\n";
  }
  return text;
}

std::string table_csv(const EvalTable& table) {
  std::vector<std::string> fields;
  for (const auto& label : table.labels) fields.push_back(csv_field(label));
  for (std::size_t i = 0; i < table.value_count(); ++i)
    fields.push_back(csv_field(table.column_name(i)));
  auto text = csv_line(fields);
  for (const auto& row : table.rows) {
    fields.clear();
    for (const auto& label : row.labels) fields.push_back(csv_field(label));
    for (const auto& value : row.values) fields.push_back(csv_cell(value));
    text += csv_line(fields);
  }
  return text;
}

}  // namespace igrot
