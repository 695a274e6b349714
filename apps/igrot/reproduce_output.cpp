#include "reproduce_output.h"

#include <fmt/ranges.h>

#include <set>

#include "reproduce_result.h"
#include "terminal.h"

namespace igrot::app {
namespace {

struct Figure {
  const PublishedColumn* column;
  std::optional<double> published;
  std::optional<double> ours;

  std::optional<double> difference() const {
    if (!published || !ours) return std::nullopt;
    return *ours - *published;
  }
};

const ReproduceRun* run_of(const ReproducePlan& plan, const ReproduceRow& row) {
  return row.run ? &plan.runs[*row.run] : nullptr;
}

std::array<Figure, 2> figures_of(const ReproducePlan& plan,
                                 const ReproduceRow& row) {
  std::array<Figure, 2> figures{};
  for (std::size_t i = 0; i < figures.size(); ++i) {
    const auto& column = row.method->table->columns[row.first_column + i];
    const auto* run = run_of(plan, row);
    figures[i] = {
        &column, row.method->figures[row.first_column + i],
        run ? figure_in(run->result, column, row.method->asked) : std::nullopt};
  }
  return figures;
}

std::string_view state_name(const ReproduceRun* run) {
  if (!run) return "not run by igrot";
  switch (run->state) {
    case RunState::lacking:
      return "lacking";
    case RunState::ready:
      return "ready";
    case RunState::done:
      return "done";
    case RunState::failed:
      return "failed";
  }
  return {};
}

/// Why there is nothing, in one line; empty where nothing is wrong.
std::string reason_of(const ReproduceRun* run) {
  if (!run) return {};
  const auto reason = run->failure
                          ? "failed: " + std::string(run->failure->what())
                          : run->reason;
  if (!run->result.is_null() && run->state == RunState::lacking)
    return printable("an earlier result; " + reason);
  return printable(reason);
}

/// Pictures that a result had to do without.
std::size_t missing_in(const Json& result) {
  const Json::json_pointer place("/settings/missing_pictures");
  if (!result.contains(place) || !result.at(place).is_number_unsigned())
    return 0;
  return result.at(place).get<std::size_t>();
}

/// What a person reads of the state.
std::string told(const ReproduceRun* run) {
  auto reason = reason_of(run);
  if (!reason.empty()) return reason;
  const auto missing = run ? missing_in(run->result) : 0;
  if (missing == 0) return std::string(state_name(run));
  return fmt::format("{}, without {} pictures", state_name(run), missing);
}

std::string shown(std::optional<double> value, bool with_sign = false) {
  if (!value) return "-";
  return with_sign ? fmt::format("{:+.2f}", *value)
                   : fmt::format("{:.2f}", *value);
}

/// As it was published: one decimal.
std::string shown_published(std::optional<double> value) {
  return value ? fmt::format("{:.1f}", *value) : "-";
}

std::string label_of(const PublishedColumn& column) {
  return fmt::format("{} {}", column.figure, column.split);
}

/// What is missing and how it is had, a line each.
std::set<std::string> ways(const ReproducePlan& plan) {
  std::set<std::string> lines;
  for (const auto& run : plan.runs) {
    if (!run.model)
      lines.insert(
          fmt::format("weights {}: {}", run.weights->name, run.weights->how));
    if (!run.root)
      lines.insert(fmt::format(
          "data {}: a folder called {} in that of --data (docs/datasets.md)",
          run.benchmark, fmt::join(folder_names(run.benchmark), " or ")));
  }
  return lines;
}

Json number(std::optional<double> value) {
  return value ? Json(*value) : Json();
}

Json path_json(const std::optional<std::filesystem::path>& path) {
  return path ? Json(path->string()) : Json();
}

Json row_json(const ReproducePlan& plan, const ReproduceRow& row) {
  const auto* run = run_of(plan, row);
  auto figures = Json::array();
  for (const auto& figure : figures_of(plan, row))
    figures.push_back({{"name", figure.column->figure},
                       {"published", number(figure.published)},
                       {"ours", number(figure.ours)},
                       {"difference", number(figure.difference())}});
  const auto& column = row.method->table->columns[row.first_column];
  return {{"row", row.name},
          {"table", row.method->table->name},
          {"method", row.method->method},
          {"backbone", row.method->backbone},
          {"benchmark", column.benchmark},
          {"split", column.split},
          {"state", state_name(run)},
          {"reason", reason_of(run)},
          {"needs", run ? Json(run->weights->name) : Json()},
          {"weights", run ? path_json(run->model) : Json()},
          {"data", run ? path_json(run->root) : Json()},
          {"result", run && !run->result.is_null()
                         ? Json((run->out / "result.json").string())
                         : Json()},
          {"figures", figures}};
}

}  // namespace

std::string reproduce_text(const ReproducePlan& plan) {
  std::size_t width = 3;
  for (const auto& row : plan.rows) width = std::max(width, row.name.size());
  const auto line = [&](std::string_view name, std::string_view label,
                        std::string_view published, std::string_view ours,
                        std::string_view difference, std::string_view state) {
    auto text = fmt::format("{:<{}}  {:<13}  {:>9}  {:>6}  {:>10}  {}", name,
                            width, label, published, ours, difference, state);
    return text.substr(0, text.find_last_not_of(' ') + 1) + "\n";
  };
  auto text = line("row", "figure", "published", "ours", "difference", "state");
  for (const auto& row : plan.rows) {
    auto name = row.name;
    auto state = told(run_of(plan, row));
    for (const auto& figure : figures_of(plan, row))
      text += line(std::exchange(name, ""), label_of(*figure.column),
                   shown_published(figure.published), shown(figure.ours),
                   shown(figure.difference(), true), std::exchange(state, ""));
  }
  const auto missing = ways(plan);
  if (!missing.empty()) text += "\n";
  for (const auto& way : missing) text += way + "\n";
  return text;
}

std::string reproduce_markdown(const ReproducePlan& plan) {
  std::string text =
      "| row | method | backbone | figure | published | ours | difference | "
      "state |\n|---|---|---|---|---:|---:|---:|---|\n";
  for (const auto& row : plan.rows)
    for (const auto& figure : figures_of(plan, row))
      text += fmt::format(
          "| {} | {} | {} | {} | {} | {} | {} | {} |\n", row.name,
          row.method->method, row.method->backbone, label_of(*figure.column),
          shown_published(figure.published), shown(figure.ours),
          shown(figure.difference(), true), state_name(run_of(plan, row)));
  return text;
}

Json reproduce_json(const ReproducePlan& plan) {
  auto rows = Json::array();
  for (const auto& row : plan.rows) rows.push_back(row_json(plan, row));
  return rows;
}

}  // namespace igrot::app
