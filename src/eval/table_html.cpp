#include "eval/table_html.h"

#include <fmt/format.h>

#include "base/html.h"

namespace igrot {
namespace {

/// The class of cells that begin a group of columns.
std::string_view group_start(const EvalTable& table, std::size_t value) {
  return value % table.columns.size() == 0 ? " class=\"first\"" : "";
}

std::string head_html(const EvalTable& table) {
  std::string head = "<thead><tr>";
  if (!table.splits.empty()) {
    for (std::size_t i = 0; i < table.labels.size(); ++i) head += "<td></td>";
    for (const auto& split : table.splits)
      head += fmt::format(
          "<th class=\"split\" scope=\"colgroup\" colspan=\"{}\">{}</th>",
          table.columns.size(), html_escaped(split));
    head += "</tr>\n<tr>";
  }
  for (const auto& label : table.labels)
    head += fmt::format("<th class=\"label\" scope=\"col\">{}</th>",
                        html_escaped(label));
  for (std::size_t i = 0; i < table.value_count(); ++i)
    head += fmt::format("<th{} scope=\"col\">{}</th>", group_start(table, i),
                        html_escaped(table.column(i).name));
  return head + "</tr></thead>\n";
}

std::string row_html(const EvalTable& table, const EvalTableRow& row) {
  std::string html = "<tr>";
  for (const auto& label : row.labels)
    html += fmt::format("<td class=\"label\">{}</td>", html_escaped(label));
  for (std::size_t i = 0; i < row.values.size(); ++i)
    html += fmt::format("<td{}>{}</td>", group_start(table, i),
                        html_escaped(shown_value(table, row, i)));
  return html + "</tr>\n";
}

}  // namespace

std::string table_html(const EvalTable& table) {
  if (table.rows.empty()) return "";
  const auto title = html_escaped(table.title);
  auto html = fmt::format(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
      "aria-label=\"{0}\"><table>\n<caption>{0}</caption>\n",
      title);
  html += head_html(table) + "<tbody>";
  for (const auto& row : table.rows) html += row_html(table, row);
  return html + "</tbody></table></div>\n";
}

}  // namespace igrot
