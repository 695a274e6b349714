#include "eval_run.h"

#include "base/fail.h"
#include "choices.h"
#include "eval/question_log.h"
#include "eval/report_page.h"
#include "eval/table_export.h"
#include "eval_files.h"
#include "eval_output.h"
#include "model_choice.h"
#include "outputs.h"
#include "stage_bar.h"

namespace igrot::app {
namespace {

namespace fs = std::filesystem;

Target target_for(const Retriever& model, const std::string& name) {
  if (name == "auto")
    return model.has_union_head() ? Target::union_ : Target::original;
  const auto target = choose(targets, name, "--target");
  if (!model.has_fusion())
    fail(ErrorKind::usage,
         "--target {} is for composed questions; this model has no fusion",
         name);
  return target;
}

std::vector<Fusion> methods_for(const Retriever& model,
                                const Benchmark& benchmark, bool ablate) {
  if (!ablate)
    return {model.has_fusion() ? Fusion::transagg : benchmark.untrained};
  std::vector<Fusion> methods;
  for (const auto& method : eval_methods)
    if (method.choice != Fusion::transagg || model.has_fusion())
      methods.push_back(method.choice);
  return methods;
}

std::vector<EvalTable> tables_of(const Benchmark& benchmark,
                                 const std::vector<EvalGroup>& groups) {
  const auto table = benchmark.table ? reference_table(groups, *benchmark.table)
                                     : main_table(groups);
  return {table, method_table(table),
          kind_table(groups, benchmark.kind_columns)};
}

/// Where result.json has them; of those without rows only the first.
constexpr std::array table_names{"table", "table_by_method", "table_by_kind"};

std::string text_of(const Evaluation& found,
                    const std::vector<EvalTable>& tables,
                    std::span<const fs::path> files) {
  std::string text;
  for (const auto& table : tables)
    if (!table.rows.empty()) text += table_text(table) + "\n";
  if (!found.missing.empty())
    text +=
        fmt::format("{} pictures could not be read; {} questions left out\n",
                    found.missing.size(), found.left_out);
  for (const auto& file : files) text += printable(file.native()) + "\n";
  return text;
}

EvalOptions options_for(const EvalOrder& order, const Benchmark& benchmark,
                        const Retriever& model) {
  EvalOptions how;
  how.mask = choose(masks, order.mask, "--mask");
  how.convention =
      choose(sum_conventions, order.sum_convention, "--sum-convention");
  how.target = target_for(model, order.target);
  how.methods = methods_for(model, benchmark, order.ablate);
  check_union_share(order.request.protocol, model);
  how.union_share = benchmark.union_share;
  how.metrics = benchmark.metrics();
  return how;
}

/// The result, and with `files` what was written besides.
EvalOutcome outcome_of(const std::vector<EvalGroup>& groups,
                       const std::vector<EvalTable>& tables,
                       const Json& settings, const Evaluation& found,
                       std::span<const fs::path> files) {
  EvalOutcome outcome{.document = {},
                      .text = text_of(found, tables, files),
                      .markdown = {},
                      .csv = table_csv(group_table(groups)),
                      .missing = found.missing.size()};
  for (std::size_t i = 0; i < tables.size(); ++i) {
    if (i == 0 || !tables[i].rows.empty())
      outcome.document[table_names[i]] = table_json(tables[i]);
    if (!tables[i].rows.empty())
      outcome.markdown +=
          (outcome.markdown.empty() ? "" : "\n") + table_markdown(tables[i]);
  }
  outcome.document["metrics"] = metrics_json(groups);
  outcome.document["settings"] = settings;
  return outcome;
}

void write_report(const fs::path& page, const EvalOrder& order,
                  const Benchmark& benchmark,
                  const std::vector<EvalTable>& tables, const Json& settings,
                  const Retriever& model, const Evaluation& found,
                  const Runtime& runtime) {
  write_report_page(page,
                    {.title = std::string(benchmark.name) + ": " +
                              std::string(benchmark.what),
                     .tables = tables,
                     .facts = setting_lines(settings),
                     .preprocess = model.preprocess(),
                     .recipe = found.tasks.front().recipe,
                     .runtime = runtime,
                     .questions = order.report_questions},
                    found);
}

/// Where vectors are kept; nothing where they are not.
std::optional<EvalCache> cache_of(const Session& session) {
  if (!session.settings.yes("keep-vectors")) return std::nullopt;
  auto folder = session.settings.path("vectors");
  if (!folder)
    if (const auto caches = user_folder(session.world().environment,
                                        "XDG_CACHE_HOME", ".cache"))
      folder = *caches / "igrot" / "vectors";
  if (!folder) return std::nullopt;
  return EvalCache{.folder = *folder,
                   .computed_by = "igrot " IGROT_VERSION ", " +
                                  session.settings.text("engine")};
}

}  // namespace

std::optional<EvalOutcome> run_eval(const EvalOrder& order, Session& session) {
  const auto asked = ask_benchmark(order.name, order.request.protocol);
  const auto& benchmark = asked.row;
  const auto request = with_root(order.request, asked);
  StageBar bar(session);
  EvalHooks hooks{.runtime = session.runtime(),
                  .cache = cache_of(session),
                  .stage = [&](std::string_view doing, std::size_t done,
                               std::size_t total) {
                    bar.show(doing, done, total);
                    return !session.stopped();
                  }};
  hooks.runtime.warn = [&](std::string_view sentence) { bar.warn(sentence); };
  const auto tasks =
      read_tasks(benchmark, request.root, request.choice, hooks.runtime.warn);
  const auto model =
      Retriever::load(order.model ? *order.model : chosen_model(session),
                      load_options(session, precision_named(order.precision)));
  const auto how = options_for(order, benchmark, model);
  const auto& out = order.out;
  make_folder(out);
  const auto found = evaluate(model, tasks, how, hooks);
  if (!found) return std::nullopt;

  const auto groups = eval_groups(*found);
  const auto tables = tables_of(benchmark, groups);
  const auto settings = eval_settings(request, benchmark, model, how, *found);
  if (order.scores && !write_scores(out, benchmark, *found, hooks))
    return std::nullopt;
  auto files = write_submissions(out, benchmark, *found, hooks);
  if (!files ||
      !write_question_log(out / "questions.jsonl", request.root, *found, hooks))
    return std::nullopt;
  files->push_back(out / "report.html");
  write_report(files->back(), order, benchmark, tables, settings, model, *found,
               session.runtime());
  auto outcome = outcome_of(groups, tables, settings, *found, *files);
  write_text(out / "table.md", outcome.markdown);
  write_text(out / "table.csv", outcome.csv);
  write_text(out / "result.json", json_text(outcome.document, 1) + "\n");
  return outcome;
}

}  // namespace igrot::app
