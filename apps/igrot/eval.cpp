// `igrot eval`: a benchmark's questions asked of a model, with tables, every
// metric, the settings they depend on, and a page to look at.
#include <fmt/format.h>

#include "eval_run.h"
#include "outputs.h"
#include "verbs.h"

namespace igrot::app {
namespace {

int run(const EvalOrder& order, Session& session) {
  const auto outcome = run_eval(order, session);
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
  auto order = std::make_shared<EvalOrder>();
  command.add_option("NAME", order->name, benchmark_names())
      ->required()
      ->type_name("NAME");
  command.add_option("--root", order->request.root, "the benchmark's folder")
      ->required()
      ->type_name("DIR");
  command
      .add_option("--out", order->out,
                  "folder for result.json, report.html and submissions")
      ->required()
      ->type_name("DIR");
  declare_how(command, *order);
  session.settings.offer(command,
                         {"model", "activation", "engine", "threads", "data"});
  offer_json(command, session);
  offer_strict(command, session);
  return [order, &session] { return run(*order, session); };
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
