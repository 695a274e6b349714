#include "metrics_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "metrics/every_metric.h"

namespace igrot::app {
namespace {

constexpr std::size_t cell_width = 8;

/// Cuts in their order, the whole ranking last.
std::vector<std::size_t> columns_of(const std::vector<MetricRow>& rows) {
  std::vector<std::size_t> cuts;
  for (const auto& row : rows) cuts.push_back(row.cut);
  const auto place = [](std::size_t cut) { return cut - 1; };
  std::ranges::sort(cuts, {}, place);
  const auto again = std::ranges::unique(cuts);
  cuts.erase(again.begin(), again.end());
  return cuts;
}

std::string cell(const std::vector<MetricRow>& rows, const std::string& family,
                 std::size_t cut) {
  const auto row = std::ranges::find_if(rows, [&](const MetricRow& each) {
    return each.family == family && each.cut == cut;
  });
  if (row == rows.end()) return fmt::format("{:>{}}", "", cell_width);
  if (!row->value) return fmt::format("{:>{}}", "-", cell_width);
  return fmt::format("{:>{}.2f}", *row->value, cell_width);
}

std::string without_end(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

}  // namespace

Json metrics_json(const std::vector<MetricRow>& rows) {
  auto json = Json::object();
  for (const auto& row : rows)
    json[MetricValue{row.family, row.cut, 0}.name()] =
        row.value ? Json(*row.value) : Json();
  return json;
}

std::string metrics_text(const std::vector<MetricRow>& rows) {
  std::vector<std::string> families;
  std::size_t width = 0;
  for (const auto& row : rows) {
    if (std::ranges::find(families, row.family) == families.end())
      families.push_back(row.family);
    width = std::max(width, row.family.size());
  }
  const auto cuts = columns_of(rows);
  auto head = fmt::format("{:<{}}", "%", width);
  for (const auto cut : cuts)
    head += fmt::format("{:>{}}", cut == 0 ? "all" : fmt::format("@{}", cut),
                        cell_width);
  auto text = without_end(head);
  for (const auto& family : families) {
    auto line = fmt::format("{:<{}}", family, width);
    for (const auto cut : cuts) line += cell(rows, family, cut);
    text += without_end(line);
  }
  return text;
}

}  // namespace igrot::app
