// `igrot eval`: a benchmark's questions asked of a model, with tables, every
// metric, the settings they depend on, and a page to look at.
#include <fmt/ranges.h>

#include <limits>
#include <mutex>

#include "base/fail.h"
#include "base/file.h"
#include "base/sha256.h"
#include "choices.h"
#include "eval/benchmarks.h"
#include "eval/report_page.h"
#include "eval_output.h"
#include "formats/npy.h"
#include "metrics/scores.h"
#include "model_choice.h"
#include "outputs.h"
#include "verbs.h"

namespace igrot::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view all_splits = "all";

struct Options {
  std::string name;
  std::string root;
  std::string split{all_splits};
  std::string target = "auto";
  std::string mask = "auto";
  std::string sum_convention = "eval";
  std::string precision = "f32";
  std::size_t limit = 0;
  bool ablate = false;
  bool scores = false;
  std::string out;
};

/// A bar for what is being done, and room for warnings. May be told things
/// from many threads.
class StageBar {
 public:
  explicit StageBar(const Session& session) : session_(session) {}

  void show(std::string_view doing, std::size_t done, std::size_t total) {
    const std::lock_guard lock(mutex_);
    if (!bar_ || doing != doing_)
      bar_.reset(new ProgressBar(session_.bar(doing_ = doing)));
    bar_->show(done, total);
  }

  void warn(std::string_view sentence) {
    const std::lock_guard lock(mutex_);
    if (bar_) bar_->clear();
    session_.warn(sentence);
  }

 private:
  const Session& session_;
  std::mutex mutex_;
  std::string doing_;
  std::unique_ptr<ProgressBar> bar_;
};

std::size_t question_count(const std::vector<EvalTask>& tasks) {
  std::size_t count = 0;
  for (const auto& task : tasks) count += task.questions.size();
  return count;
}

std::vector<EvalTask> read_tasks(const Benchmark& benchmark,
                                 const Options& options) {
  auto tasks = benchmark.read(options.root);
  std::set<std::string> splits;
  for (auto& task : tasks) {
    for (const auto& question : task.questions) splits.insert(question.split);
    if (options.split != all_splits) keep_split(task, options.split);
    if (options.limit > 0) keep_spread(task, options.limit);
  }
  if (question_count(tasks) == 0)
    fail(ErrorKind::usage, "--split is '{}': {} has questions of {}",
         options.split, benchmark.name,
         splits.empty() ? "none" : fmt::format("{}", fmt::join(splits, ", ")));
  return tasks;
}

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

Json preprocess_json(const Preprocess& preprocess) {
  const auto pad = std::ranges::find(pads, preprocess.pad, &PadRow::pad);
  return {
      {"side", preprocess.side},
      {"pad", pad->name},
      {"ratio", preprocess.ratio},
      {"convert", preprocess.convert == Convert::first ? "first" : "as_opened"},
      {"alpha", preprocess.alpha == Alpha::white ? "white" : "drop"}};
}

/// Everything that the numbers depend on.
Json settings_json(const Options& options, const Benchmark& benchmark,
                   const Retriever& model, const EvalOptions& how,
                   const Evaluation& found) {
  auto lists = Json::object();
  for (const auto list : benchmark.lists)
    lists[std::string(list)] =
        sha256_hex(read_file(fs::path(options.root) / list,
                             std::numeric_limits<std::uint64_t>::max()));
  auto methods = Json::array();
  for (const auto method : how.methods)
    methods.push_back(name_of(eval_methods, method));
  auto tasks = Json::object();
  for (const auto& task : found.tasks)
    tasks[task.name] = {{"gallery", task.gallery.size()},
                        {"questions", task.questions.size()}};
  const bool composed = model.has_fusion();
  const auto mask =
      how.mask == Mask::automatic ? Mask::boolean : how.mask;  // no training
  return {
      {"igrot", IGROT_VERSION},
      {"benchmark", benchmark.name},
      {"root", fs::absolute(options.root).string()},
      {"sha256", lists},
      {"split", options.split},
      {"limit", options.limit},
      {"model", fs::absolute(model.info().path).string()},
      {"weights_sha256", model.fingerprint()},
      {"methods", methods},
      {"target", composed ? Json(name_of(targets, how.target)) : Json()},
      {"sum_convention", name_of(sum_conventions, how.convention)},
      {"mask", name_of(masks, mask)},
      {"precision", name_of(precisions, model.precision())},
      {"preprocess", preprocess_json(model.preprocess())},
      {"prompt",
       benchmark.prompt.empty() ? Json() : Json(std::string(benchmark.prompt))},
      {"tasks", tasks},
      {"missing_pictures", found.missing.size()},
      {"left_out_questions", found.left_out}};
}

std::vector<std::pair<std::string, std::string>> facts_of(
    const Json& settings) {
  std::vector<std::pair<std::string, std::string>> facts;
  for (const auto& [name, value] : settings.items())
    facts.emplace_back(
        name, value.is_string() ? value.get<std::string>() : json_text(value));
  return facts;
}

void write_text(const fs::path& path, const std::string& text) {
  AtomicFile file(path);
  file.write(text);
  file.commit();
}

/// scores-TASK-METHOD.npy of each ranking, scores-TASK.json of each task.
void write_scores(const fs::path& out, const Evaluation& found, StageBar& bar) {
  for (const auto& task : found.tasks)
    write_text(out / ("scores-" + task.name + ".json"),
               json_text(task_json(task), 1) + "\n");
  for (std::size_t i = 0; i < found.rankings.size(); ++i) {
    const auto& ranking = found.rankings[i];
    const auto gallery = ranking.gallery->matrix();
    NpyWriter file(
        out / fmt::format("scores-{}-{}.npy", found.tasks[ranking.task].name,
                          name_of(eval_methods, ranking.method)),
        DType::f32, {gallery.rows});
    const auto queries = ranking.queries.matrix();
    for (std::size_t q = 0; q < queries.rows; ++q)
      file.append(
          std::span<const float>(ranking_scores(queries.row(q), gallery)));
    file.commit();
    bar.show("writing scores", i + 1, found.rankings.size());
  }
}

struct Outcome {
  Json document;
  std::string text;
  std::size_t missing = 0;
};

std::string text_of(const Evaluation& found,
                    const std::vector<EvalTable>& tables,
                    const fs::path& page) {
  std::string text;
  for (const auto& table : tables)
    if (!table.rows.empty()) text += table_text(table) + "\n";
  if (!found.missing.empty())
    text +=
        fmt::format("{} pictures could not be read; {} questions left out\n",
                    found.missing.size(), found.left_out);
  return text + printable(page.native()) + "\n";
}

/// Nothing when the user wants it ended.
std::optional<Outcome> evaluate_and_write(const Options& options,
                                          const Benchmark& benchmark,
                                          Session& session) {
  const auto tasks = read_tasks(benchmark, options);
  EvalOptions how;
  how.mask = choose(masks, options.mask, "--mask");
  how.convention =
      choose(sum_conventions, options.sum_convention, "--sum-convention");
  const auto model = Retriever::load(
      chosen_model(session),
      load_options(session, precision_named(options.precision)));
  how.target = target_for(model, options.target);
  how.methods = methods_for(model, benchmark, options.ablate);
  const fs::path out = options.out;
  make_folder(out);

  StageBar bar(session);
  EvalHooks hooks{.runtime = session.runtime(),
                  .stage = [&](std::string_view doing, std::size_t done,
                               std::size_t total) {
                    bar.show(doing, done, total);
                    return !session.stopped();
                  }};
  hooks.runtime.warn = [&](std::string_view sentence) { bar.warn(sentence); };
  const auto found = evaluate(model, tasks, how, hooks);
  if (!found) return std::nullopt;

  const auto groups = eval_groups(*found);
  const std::vector<EvalTable> tables{main_table(groups), kind_table(groups)};
  const auto settings = settings_json(options, benchmark, model, how, *found);
  Outcome outcome{.document = {{"table", table_json(tables[0])}},
                  .text = text_of(*found, tables, out / "report.html"),
                  .missing = found->missing.size()};
  if (!tables[1].rows.empty())
    outcome.document["table_by_kind"] = table_json(tables[1]);
  outcome.document["metrics"] = metrics_json(groups);
  outcome.document["settings"] = settings;
  if (options.scores) write_scores(out, *found, bar);
  write_report_page(out / "report.html",
                    {.title = std::string(benchmark.name) + ": " +
                              std::string(benchmark.what),
                     .tables = tables,
                     .facts = facts_of(settings),
                     .preprocess = model.preprocess(),
                     .recipe = how.recipe,
                     .runtime = session.runtime()},
                    *found);
  write_text(out / "result.json", json_text(outcome.document, 1) + "\n");
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
  add("--split", options.split, "seen|unseen|all",
      "questions of one split [all: both, beside each other]");
  add("--target", options.target, "auto|original|sum|union",
      "which vector stands for a picture when a trained fusion asks [auto: "
      "union where the model has that head, else original]");
  add("--mask", options.mask, "auto|added|bool",
      "what the fusion does with padding [auto: bool]");
  add("--sum-convention", options.sum_convention, "eval|train",
      "how --target sum adds [eval]");
  add("--precision", options.precision, "auto|f32|bf16", "[f32]");
  add("--limit", options.limit, "N",
      "at most N questions a task, evenly spread; galleries stay whole");
  command.add_flag("--ablate", options.ablate,
                   "also ask with the picture alone, the words alone, and "
                   "their sum without a fusion");
  command.add_flag("--scores", options.scores,
                   "write every score to DIR/scores-TASK-METHOD.npy");
}

Run declare(CLI::App& command, Session& session) {
  auto options = std::make_shared<Options>();
  command.add_option("NAME", options->name, benchmark_names())
      ->required()
      ->type_name("NAME");
  command.add_option("--root", options->root, "the benchmark's folder")
      ->required()
      ->type_name("DIR");
  command
      .add_option("--out", options->out,
                  "folder for result.json and report.html")
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
  igrot eval emoji-cir --root emoji --out quick --limit 200 --json)",
    declare};

}  // namespace igrot::app
