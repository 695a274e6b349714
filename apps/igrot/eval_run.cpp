#include "eval_run.h"

#include "base/fail.h"
#include "base/file.h"
#include "choices.h"
#include "eval/report_page.h"
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
  return {benchmark.table ? reference_table(groups, *benchmark.table)
                          : main_table(groups),
          kind_table(groups, benchmark.kind_columns)};
}

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
  how.union_share = benchmark.union_share;
  how.metrics = benchmark.metrics();
  return how;
}

/// The result, and with `files` what was written besides.
EvalOutcome outcome_of(const std::vector<EvalGroup>& groups,
                       const std::vector<EvalTable>& tables,
                       const Json& settings, const Evaluation& found,
                       std::span<const fs::path> files) {
  EvalOutcome outcome{.document = {{"table", table_json(tables[0])}},
                      .text = text_of(found, tables, files),
                      .missing = found.missing.size()};
  if (!tables[1].rows.empty())
    outcome.document["table_by_kind"] = table_json(tables[1]);
  outcome.document["metrics"] = metrics_json(groups);
  outcome.document["settings"] = settings;
  return outcome;
}

void write_report(const fs::path& page, const Benchmark& benchmark,
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
                     .runtime = runtime},
                    found);
}

}  // namespace

std::optional<EvalOutcome> run_eval(const EvalOrder& order, Session& session) {
  const auto& benchmark = find_benchmark(order.name);
  StageBar bar(session);
  EvalHooks hooks{.runtime = session.runtime(),
                  .stage = [&](std::string_view doing, std::size_t done,
                               std::size_t total) {
                    bar.show(doing, done, total);
                    return !session.stopped();
                  }};
  hooks.runtime.warn = [&](std::string_view sentence) { bar.warn(sentence); };
  const auto tasks = read_tasks(benchmark, order.request.root,
                                order.request.choice, hooks.runtime.warn);
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
  const auto settings =
      eval_settings(order.request, benchmark, model, how, *found);
  if (order.scores && !write_scores(out, benchmark, *found, hooks))
    return std::nullopt;
  auto files = write_submissions(out, benchmark, *found, hooks);
  if (!files) return std::nullopt;
  files->push_back(out / "report.html");
  write_report(files->back(), benchmark, tables, settings, model, *found,
               session.runtime());
  auto outcome = outcome_of(groups, tables, settings, *found, *files);
  AtomicFile result(out / "result.json");
  result.write(json_text(outcome.document, 1) + "\n");
  result.commit();
  return outcome;
}

}  // namespace igrot::app
