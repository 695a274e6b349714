// `igrot train`: runs a training configuration, or shows what it would do.
#include "base/fail.h"
#include "dry_run.h"
#include "exit_codes.h"
#include "output.h"
#include "train_line.h"
#include "training_program.h"
#include "verbs.h"

namespace igrot::app {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string config;
  std::string out;
  std::vector<std::string> overrides;
  bool resume = false;
  bool dry_run = false;
};

TrainLine::Style line_style(const Session& session) {
  if (session.quiet) return TrainLine::Style::none;
  return session.terminal().err_is_terminal ? TrainLine::Style::redrawn
                                            : TrainLine::Style::lines;
}

TrainHooks hooks_for(const Session& session, TrainLine& line) {
  TrainHooks hooks{
      .runtime = session.runtime(), .progress = {}, .stage = {}, .say = {}};
  hooks.runtime.warn = [&](std::string_view sentence) {
    line.aside([&] { session.warn(sentence); });
  };
  hooks.progress = [&](const TrainProgress& progress) {
    line.step(progress);
    return !session.stopped();
  };
  hooks.stage = [&](std::string_view doing, std::size_t done,
                    std::size_t total) {
    line.stage(doing, done, total);
    return !session.stopped();
  };
  hooks.say = [&](std::string_view sentence) {
    if (session.quiet) return;
    line.aside([&] { fmt::print(stderr, "{}\n", printable(sentence)); });
  };
  return hooks;
}

Json json_of(const TrainRequest& request, const TrainResult& result) {
  return {{"out", request.out.string()},
          {"steps", result.steps},
          {"skipped", result.skipped},
          {"best_score", result.best_score ? Json(*result.best_score) : Json()},
          {"interrupted", result.interrupted}};
}

std::string sentence_of(const TrainRequest& request,
                        const TrainResult& result) {
  const auto out = printable(request.out.native());
  if (result.interrupted)
    return fmt::format(
        "stopped after {} steps; igrot train {}/config.toml --out {} --resume "
        "continues",
        result.steps, out, out);
  auto text = fmt::format("trained {} steps", result.steps);
  if (result.skipped > 0)
    text += fmt::format("; {} samples skipped", result.skipped);
  if (result.best_score)
    text += fmt::format("; best {:.2f} ({})", *result.best_score,
                        request.config.validation->metric);
  // Without a score above 0 no epoch counts as best.
  const bool has_best = result.best_score || !request.config.validation;
  return fmt::format("{}; {}/{}.safetensors", text, out,
                     has_best ? "best" : "last");
}

int run_training(const Session& session, const TrainRequest& request) {
  TrainResult result;
  {
    TrainLine line(line_style(session), session.terminal().columns);
    result = session.world().trainer(request, hooks_for(session, line));
  }
  if (session.json)
    print_json(json_of(request, result), 1);
  else
    print(sentence_of(request, result) + "\n");
  if (result.interrupted) return exit_interrupted;
  return session.strict && result.skipped > 0 ? exit_skipped : exit_done;
}

int run(const Options& options, const Session& session) {
  if (options.dry_run)
    return run_dry(session,
                   read_train_config(options.config, options.overrides),
                   options.out);
  if (options.out.empty())
    fail(ErrorKind::usage, "--out is missing: the folder for what is learned");
  if (!session.world().trainer) become_training_program(session.world());
  return run_training(
      session, {.config = read_train_config(options.config, options.overrides),
                .out = options.out,
                .resume = options.resume});
}

Run declare(CLI::App& command, Session& session) {
  auto options = std::make_shared<Options>();
  command
      .add_option("CONFIG", options->config,
                  "what to train on what, as TOML (docs/training.md)")
      ->required()
      ->type_name("CONFIG.toml");
  command
      .add_option("--out", options->out,
                  "folder for weights, records and the state to resume from")
      ->type_name("DIR");
  add_repeatable(command, "--set", options->overrides,
                 "a value that wins over the file's; may be repeated")
      ->type_name("SECTION.KEY=VALUE");
  auto* resume = command.add_flag("--resume", options->resume,
                                  "go on where the run in --out was stopped");
  command
      .add_flag("--dry-run", options->dry_run,
                "read everything, train nothing, say what would be done; with "
                "--out also a page with samples, DIR/sheet.html")
      ->excludes(resume);
  session.settings.offer(command, {"threads"});
  offer_json(command, session);
  offer_strict(command, session);
  return [options, &session] { return run(*options, session); };
}

}  // namespace

constinit const Verb train_verb{
    "train", plumbing_section, "trains a model: UNION, or the towers of a CLIP",
    R"(  igrot train run.toml --dry-run
  igrot train run.toml --out runs/1
  igrot train run.toml --out runs/2 --set train.epochs=5 --set data.limit=100
  igrot train runs/1/config.toml --out runs/1 --resume)",
    declare};

}  // namespace igrot::app
