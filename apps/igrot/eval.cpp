// `igrot eval`: a benchmark's questions asked of a model, with tables, every
// metric, the settings they depend on, and a page to look at.
#include "base/fail.h"
#include "base/file.h"
#include "choices.h"
#include "eval/report_page.h"
#include "eval_files.h"
#include "eval_output.h"
#include "eval_settings.h"
#include "model_choice.h"
#include "outputs.h"
#include "stage_bar.h"
#include "verbs.h"

namespace igrot::app {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string name;
  EvalRequest request;
  std::string target = "auto";
  std::string mask = "auto";
  std::string sum_convention = "eval";
  std::string precision = "f32";
  bool ablate = false;
  bool scores = false;
  std::string out;
};

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

struct Outcome {
  Json document;
  std::string text;
  std::size_t missing = 0;
};

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

EvalOptions options_for(const Options& options, const Benchmark& benchmark,
                        const Retriever& model) {
  EvalOptions how;
  how.mask = choose(masks, options.mask, "--mask");
  how.convention =
      choose(sum_conventions, options.sum_convention, "--sum-convention");
  how.target = target_for(model, options.target);
  how.methods = methods_for(model, benchmark, options.ablate);
  how.union_share = benchmark.union_share;
  how.metrics = benchmark.metrics();
  return how;
}

/// The result, and with `files` what was written besides.
Outcome outcome_of(const std::vector<EvalGroup>& groups,
                   const std::vector<EvalTable>& tables, const Json& settings,
                   const Evaluation& found, std::span<const fs::path> files) {
  Outcome outcome{.document = {{"table", table_json(tables[0])}},
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

/// Nothing when the user wants it ended.
std::optional<Outcome> evaluate_and_write(const Options& options,
                                          const Benchmark& benchmark,
                                          Session& session) {
  StageBar bar(session);
  EvalHooks hooks{.runtime = session.runtime(),
                  .stage = [&](std::string_view doing, std::size_t done,
                               std::size_t total) {
                    bar.show(doing, done, total);
                    return !session.stopped();
                  }};
  hooks.runtime.warn = [&](std::string_view sentence) { bar.warn(sentence); };
  const auto tasks = read_tasks(benchmark, options.request.root,
                                options.request.choice, hooks.runtime.warn);
  const auto model = Retriever::load(
      chosen_model(session),
      load_options(session, precision_named(options.precision)));
  const auto how = options_for(options, benchmark, model);
  const fs::path out = options.out;
  make_folder(out);
  const auto found = evaluate(model, tasks, how, hooks);
  if (!found) return std::nullopt;

  const auto groups = eval_groups(*found);
  const auto tables = tables_of(benchmark, groups);
  const auto settings =
      eval_settings(options.request, benchmark, model, how, *found);
  if (options.scores && !write_scores(out, benchmark, *found, hooks))
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

int run(const Options& options, Session& session) {
  const auto& benchmark = find_benchmark(options.name);
  const auto outcome = evaluate_and_write(options, benchmark, session);
  if (!outcome) return session.exit_code();
  if (session.json)
    print_json(outcome->document, 1);
  else
    print(outcome->text);
  return session.exit_code(outcome->missing);
}

std::string benchmark_names() {
  std::string names;
  for (const auto& row : benchmarks())
    names +=
        fmt::format("{}{}: {}", names.empty() ? "" : "; ", row.name, row.what);
  return names;
}

void declare_how(CLI::App& command, Options& options) {
  const auto add = [&](const char* name, auto& value, const char* type,
                       const char* help) {
    command.add_option(name, value, help)->type_name(type);
  };
  add("--split", options.request.choice.split, "SPLIT|all",
      "questions of one split, such as val, test1, seen [all that are there]");
  add("--target", options.target, "auto|original|sum|union",
      "which vector stands for a picture when a trained fusion asks [auto: "
      "union where the model has that head, else original]");
  add("--mask", options.mask, "auto|added|bool",
      "what the fusion does with padding [auto: bool]");
  add("--sum-convention", options.sum_convention, "eval|train",
      "how --target sum adds [eval]");
  add("--precision", options.precision, "auto|f32|bf16", "[f32]");
  add("--limit", options.request.choice.limit, "N",
      "at most N questions a task, evenly spread; galleries stay whole");
  command.add_flag("--ablate", options.ablate,
                   "also ask with the picture alone, the words alone, and "
                   "their sum without a fusion");
  command.add_flag("--scores", options.scores,
                   "write every score to DIR/scores.npy, or "
                   "scores-TASK-METHOD.npy where there are several");
}

Run declare(CLI::App& command, Session& session) {
  auto options = std::make_shared<Options>();
  command.add_option("NAME", options->name, benchmark_names())
      ->required()
      ->type_name("NAME");
  command.add_option("--root", options->request.root, "the benchmark's folder")
      ->required()
      ->type_name("DIR");
  command
      .add_option("--out", options->out,
                  "folder for result.json, report.html and submissions")
      ->required()
      ->type_name("DIR");
  declare_how(command, *options);
  session.settings.offer(command,
                         {"model", "activation", "engine", "threads", "data"});
  offer_json(command, session);
  offer_strict(command, session);
  return [options, &session] { return run(*options, session); };
}

}  // namespace

constinit const Verb eval_verb{
    "eval", plumbing_section,
    "asks a benchmark's questions, writes metrics and a report",
    R"(  igrot eval emoji-sbir --root emoji --model m.safetensors --out result
  igrot eval emoji-cir --root emoji --out result --ablate --split unseen
  igrot eval emoji-cir --root emoji --out quick --limit 200 --json
  igrot eval cirr --root CIRR --split test1 --target original --out cirr)",
    declare};

}  // namespace igrot::app
