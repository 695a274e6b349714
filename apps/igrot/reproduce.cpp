// `igrot reproduce`: the UNION paper's two tables as runs of this machine.
#include <fmt/ranges.h>

#include "base/fail.h"
#include "reproduce_output.h"
#include "verbs.h"

namespace igrot::app {
namespace {

struct Options {
  ReproducePlaces places{"weights", "data", "reproduced"};
  std::string only;
  std::size_t limit = 0;
  bool all = false;
  bool dry_run = false;
  bool markdown = false;
};

void tell_start(const ReproduceRun& run, std::size_t number, std::size_t total,
                const Session& session) {
  if (session.quiet || !(session.terminal().err_is_terminal || session.verbose))
    return;
  fmt::print(stderr, "igrot: {} ({} of {})\n", run.name, number, total);
}

void run_ready(ReproducePlan& plan, const Options& options, Session& session) {
  const auto total = static_cast<std::size_t>(
      std::ranges::count(plan.runs, RunState::ready, &ReproduceRun::state));
  std::size_t number = 0;
  for (auto& run : plan.runs) {
    if (run.state != RunState::ready) continue;
    tell_start(run, ++number, total, session);
    if (!run_one(run, options.limit, session)) return;
  }
}

void print_plan(const ReproducePlan& plan, const Options& options,
                const Session& session) {
  if (session.json) {
    print_json(reproduce_json(plan), 1);
    return;
  }
  print(options.markdown ? reproduce_markdown(plan) : reproduce_text(plan));
}

/// Throws the first failure, with how many there are.
void throw_failures(const ReproducePlan& plan) {
  const auto failed = [](const ReproduceRun& run) {
    return run.failure.has_value();
  };
  const auto first = std::ranges::find_if(plan.runs, failed);
  if (first == plan.runs.end()) return;
  fail(first->failure->kind(), "{} of {} evaluations failed; {}: {}",
       std::ranges::count_if(plan.runs, failed), plan.runs.size(), first->name,
       first->failure->what());
}

int run(const Options& options, Session& session) {
  auto plan = plan_reproduction(options.places, options.only, options.all,
                                options.limit, session);
  if (options.limit > 0)
    session.warn(
        fmt::format("with {} questions a task, the figures cannot be compared "
                    "with the published ones",
                    options.limit));
  if (!options.dry_run) run_ready(plan, options, session);
  print_plan(plan, options, session);
  throw_failures(plan);
  return session.exit_code();
}

Run declare(CLI::App& command, Session& session) {
  auto options = std::make_shared<Options>();
  const auto folder = [&](const char* name, std::filesystem::path& value,
                          const std::string& help) {
    command
        .add_option(name, value, fmt::format("{} [{}]", help, value.string()))
        ->type_name("DIR");
  };
  folder("--weights", options->places.weights,
         "where weights lie, besides those of igrot model fetch");
  folder("--data", options->places.data, "where the benchmarks' folders lie");
  folder("--out", options->places.out, "a folder for each evaluation");
  command
      .add_option("--only", options->only,
                  "rows with that in their name, or that match it with * and ?")
      ->type_name("PATTERN");
  command
      .add_option("--limit", options->limit,
                  "at most N questions a task: to see that everything works")
      ->type_name("N");
  command.add_flag("--all", options->all,
                   "also show the rows that igrot does not run");
  command.add_flag("--dry-run", options->dry_run,
                   "only show what is there and what is missing");
  command.add_flag("--markdown", options->markdown, "print a Markdown table");
  session.settings.offer(command, {"engine", "threads"});
  offer_json(command, session);
  return [options, &session] { return run(*options, session); };
}

}  // namespace

constinit const Verb reproduce_verb{
    "reproduce", plumbing_section,
    "runs the rows of the UNION paper's tables, shows both figures",
    R"(  igrot reproduce --dry-run
  igrot reproduce --weights weights --data data --only union-blip
  igrot reproduce --only 'clip-?-*-cirr' --limit 100
  igrot reproduce --all --markdown > table.md)",
    declare};

}  // namespace igrot::app
