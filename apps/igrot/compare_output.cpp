#include "compare_output.h"

#include "base/fail.h"
#include "eval/biggest_changes.h"
#include "eval/comparison_page.h"
#include "eval/table_export.h"
#include "eval_output.h"

namespace igrot::app {
namespace {

/// How many wins, and how many losses, a page shows.
constexpr std::size_t page_changes = 24;

std::string setting_text(const Json& value) {
  if (value.is_null()) return "-";
  return value.is_string() ? value.get<std::string>() : json_text(value);
}

void expect_one_benchmark(const EvalFolder& a, const EvalFolder& b) {
  const auto name_in = [](const EvalFolder& folder) {
    return setting_text(folder.settings.value("benchmark", Json()));
  };
  if (name_in(a) != name_in(b))
    fail(ErrorKind::usage,
         "{} is of {}, {} of {}: only results of one "
         "benchmark can be compared",
         a.path.string(), name_in(a), b.path.string(), name_in(b));
}

Json metric_json(const ComparedMetric& metric) {
  return {{"n", metric.questions},
          {"a", metric.a},
          {"b", metric.b},
          {"difference", metric.difference},
          {"interval", {metric.interval.low, metric.interval.high}},
          {"sign", metric.sign()},
          {"wins", metric.wins},
          {"losses", metric.losses},
          {"ties", metric.ties},
          {"sign_test_p", metric.sign_p}};
}

Json groups_json(const Comparison& comparison) {
  auto groups = Json::array();
  for (const auto& group : comparison.groups) {
    auto metrics = Json::object();
    for (const auto& metric : group.metrics)
      metrics[metric.name] = metric_json(metric);
    groups.push_back({{"task", group.task},
                      {"split", group.split},
                      {"method", group.method},
                      {"metrics", metrics}});
  }
  return groups;
}

Json changes_json(const std::vector<SettingChange>& changes) {
  auto settings = Json::object();
  for (const auto& change : changes)
    settings[change.name] = {{"a", change.a}, {"b", change.b}};
  return settings;
}

std::string changes_text(const std::vector<SettingChange>& changes) {
  if (changes.empty()) return "All settings are the same.\n";
  std::string text = "Settings that differ:\n";
  for (const auto& change : changes)
    text += fmt::format("  {}: {} -> {}\n", printable(change.name),
                        printable(setting_text(change.a)),
                        printable(setting_text(change.b)));
  return text;
}

std::string notes_text(const Comparison& comparison,
                       const BootstrapOptions& options) {
  std::string text;
  if (comparison.only_a + comparison.only_b > 0)
    text += fmt::format("Left out: {} questions only of A, {} only of B.\n",
                        comparison.only_a, comparison.only_b);
  return text + fmt::format(
                    "low, high: {:.0f} % interval of B - A, {} samples, seed "
                    "{}; p: sign test.\n",
                    100 * options.confidence, options.samples, options.seed);
}

/// What happened to the questions, as the page shows it.
std::vector<ChangedCard> cards_of(const EvalFolder& a, const EvalFolder& b,
                                  const std::vector<ChangedQuestion>& changes) {
  std::vector<std::size_t> of_a;
  std::vector<std::size_t> of_b;
  for (const auto& change : changes) {
    of_a.push_back(a.run.questions[change.a].line);
    of_b.push_back(b.run.questions[change.b].line);
  }
  auto before = read_logged_questions(a.path, of_a);
  auto after = read_logged_questions(b.path, of_b);
  std::vector<ChangedCard> cards;
  for (std::size_t i = 0; i < changes.size(); ++i)
    cards.push_back(
        {std::move(before[i]), std::move(after[i]), changes[i].difference});
  return cards;
}

std::filesystem::path root_of(const EvalFolder& a,
                              const CompareRequest& request) {
  if (!request.root.empty()) return request.root;
  const auto root = a.settings.find("root");
  return root != a.settings.end() && root->is_string()
             ? root->get<std::string>()
             : std::string();
}

ComparisonReport report_of(const EvalFolder& a, const EvalFolder& b,
                           const Comparison& comparison,
                           const std::vector<SettingChange>& changes,
                           const CompareRequest& request,
                           const Session& session) {
  const auto& metrics = request.how.metrics;
  const auto metric = metrics.empty() ? chief_metric(a.run) : metrics.front();
  const auto biggest =
      biggest_changes(a.run, b.run, comparison, metric, page_changes);
  ComparisonReport report{
      .title = fmt::format("{}: B {} against A {}",
                           setting_text(a.settings.value("benchmark", Json())),
                           b.run.name, a.run.name),
      .metric = metric,
      .table = comparison_table(comparison),
      .notes = {notes_text(comparison, request.how.bootstrap)},
      .wins = cards_of(a, b, biggest.wins),
      .losses = cards_of(a, b, biggest.losses),
      .settings = {},
      .root = root_of(a, request),
      .runtime = session.runtime()};
  for (const auto& change : changes)
    report.settings.push_back(
        {change.name, setting_text(change.a), setting_text(change.b)});
  return report;
}

}  // namespace

CompareOutcome compare_folders(const EvalFolder& a, const EvalFolder& b,
                               const CompareRequest& request,
                               const Session& session) {
  expect_one_benchmark(a, b);
  const auto comparison = compare_runs(a.run, b.run, request.how);
  const auto table = comparison_table(comparison);
  const auto changes = setting_changes(a.settings, b.settings);
  CompareOutcome outcome{
      .document = {{"a", a.run.name},
                   {"b", b.run.name},
                   {"samples", request.how.bootstrap.samples},
                   {"seed", request.how.bootstrap.seed},
                   {"only_a", comparison.only_a},
                   {"only_b", comparison.only_b},
                   {"groups", groups_json(comparison)},
                   {"settings", changes_json(changes)}},
      .text = fmt::format("A: {}\nB: {}\n\n", printable(a.run.name),
                          printable(b.run.name)) +
              table_text(table) + "\n" +
              notes_text(comparison, request.how.bootstrap) + "\n" +
              changes_text(changes),
      .markdown = table_markdown(table),
      .csv = table_csv(table)};
  if (!request.page.empty()) {
    write_comparison_page(
        request.page, report_of(a, b, comparison, changes, request, session));
    outcome.text += "\n" + printable(request.page.native()) + "\n";
  }
  return outcome;
}

}  // namespace igrot::app
