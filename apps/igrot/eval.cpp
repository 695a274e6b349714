// `igrot eval`: a benchmark's questions asked of a model, with tables, every
// metric, the settings they depend on, and a page to look at.
#include <fmt/format.h>

#include "eval_run.h"
#include "outputs.h"
#include "table_format.h"
#include "verbs.h"

namespace igrot::app {
namespace {

struct Options {
  EvalOrder order;
  std::string format = "text";
};

int run(const Options& options, Session& session) {
  const auto format = table_format(options.format, session.json);
  const auto outcome = run_eval(options.order, session);
  if (!outcome) return session.exit_code();
  switch (format) {
    case TableFormat::text:
      print(outcome->text);
      break;
    case TableFormat::markdown:
      print(outcome->markdown);
      break;
    case TableFormat::csv:
      print(outcome->csv);
      break;
    case TableFormat::json:
      print_json(outcome->document, 1);
      break;
  }
  return session.exit_code(outcome->missing);
}

std::string benchmark_names() {
  std::string names;
  for (const auto& row : benchmarks())
    names +=
        fmt::format("{}{}: {}", names.empty() ? "" : "; ", row.name, row.what);
  return names;
}

void declare_how(CLI::App& command, EvalOrder& order) {
  const auto add = [&](const char* name, auto& value, const char* type,
                       const char* help) {
    command.add_option(name, value, help)->type_name(type);
  };
  add("--split", order.request.choice.split, "SPLIT|all",
      "questions of one split, such as val, test1, seen [all that are there]");
  add("--target", order.target, "auto|original|sum|union",
      "which vector stands for a picture when a trained fusion asks [auto: "
      "union where the model has that head, else original]");
  add("--mask", order.mask, "auto|added|bool",
      "what the fusion does with padding [auto: bool]");
  add("--sum-convention", order.sum_convention, "eval|train",
      "how --target sum adds [eval]");
  for (const auto option : protocol_options()) {
    const std::string name(option);
    add(("--" + name).c_str(), order.request.protocol.names[name], "NAME",
        (describe_option(option) + " [the first]").c_str());
  }
  add("--union-share", order.request.protocol.union_share, "X",
      "how much of the UNION head's vector of picture and words is added to a "
      "composed query [0.1 of fashioniq and dtin, else 0]");
  add("--precision", order.precision, "auto|f32|bf16", "[f32]");
  add("--limit", order.request.choice.limit, "N",
      "at most N questions a task, evenly spread; galleries stay whole");
  command.add_flag("--ablate", order.ablate,
                   "also ask with the picture alone, the words alone, and "
                   "their sum without a fusion");
  command.add_flag("--scores", order.scores,
                   "write every score to DIR/scores.npy, or "
                   "scores-TASK-METHOD.npy where there are several");
}

Run declare(CLI::App& command, Session& session) {
  auto options = std::make_shared<Options>();
  auto* order = &options->order;
  command
      .add_option("NAME", order->name,
                  benchmark_names() +
                      "; or a file that describes a set of "
                      "your own (docs/datasets.md)")
      ->required()
      ->type_name("NAME|FILE.toml");
  command
      .add_option("--root", order->request.root,
                  "the benchmark's folder [that of FILE.toml]")
      ->type_name("DIR");
  command
      .add_option("--out", order->out,
                  "folder for result.json, tables, questions.jsonl, "
                  "report.html and submissions")
      ->required()
      ->type_name("DIR");
  declare_how(command, *order);
  command
      .add_option(
          "--report-questions", order->report_questions,
          "at most N questions of each task and method on the page [24]")
      ->type_name("N");
  offer_table_format(command, options->format);
  session.settings.offer(command, {"model", "activation", "engine", "threads",
                                   "data", "vectors", "keep-vectors"});
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
  igrot eval cirr --root CIRR --split test1 --target original --out cirr
  igrot eval fashioniq --root FashionIQ --out fiq --gallery val
  igrot eval chairs.toml --out chairs)",
    declare};

}  // namespace igrot::app
