// `igrot demo`: the shipped model on the shipped pictures.
#include "base/fail.h"
#include "demo_script.h"
#include "desktop.h"
#include "exit_codes.h"
#include "indexing.h"
#include "model_choice.h"
#include "outputs.h"
#include "searching.h"
#include "verbs.h"

namespace igrot::app {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string out = "igrot-demo";
  bool open = false;
};

constexpr std::string_view untrained_note =
    "The weights of this model are untrained: the page shows how igrot "
    "answers, "
    "not what a trained model finds.";

void print_asked(std::string_view what, const Found& found,
                 const fs::path& pictures, const Session& session) {
  print(fmt::format("\n{}: {}\n", what, printable(title_of(found.question))));
  print_table(found, pictures, session.terminal());
}

int run(const Options& options, Session& session) {
  const auto data = data_folder(session) / "demo";
  auto script = read_demo_script(data);
  // Of a model somebody brings along, nothing is known.
  if (session.settings.path("model")) script.trained = true;
  const auto pictures = fs::weakly_canonical(data / "pictures");
  const auto out = fs::absolute(options.out);
  make_folder(out);

  const auto indexed = index_pictures(
      session,
      {.roots = {pictures}, .gallery = out / "gallery", .base = pictures});
  if (session.stopped()) return session.exit_code();
  print(fmt::format("{} pictures of {} indexed with {} ({:.1f} s)\n",
                    indexed.total, printable(pictures.native()),
                    printable(indexed.model.filename().native()),
                    indexed.seconds));
  if (!script.trained) print(fmt::format("{}\n", untrained_note));

  const auto gallery =
      Gallery::open(indexed.gallery, Access::read, session.runtime());
  const auto model = load_for(session, gallery);
  const auto composed = ask_gallery(session, gallery, model, script.composed);
  print_asked("A picture and words", composed, pictures, session);
  const auto sketched = ask_gallery(session, gallery, model, script.sketched);
  print_asked("A sketch", sketched, pictures, session);

  const auto report = out / "report.html";
  write_report(
      {.out = report,
       .title = "What igrot finds",
       .note = std::string(script.trained ? "" : untrained_note),
       .questions = {report_section(composed, "A picture and words", pictures),
                     report_section(sketched, "A sketch", pictures)}},
      gallery, model);
  if (options.open) open_on_desktop(report);
  print(fmt::format("\n{}\n", printable(report.native())));
  return exit_done;
}

Run declare(CLI::App& command, Session& session) {
  auto options = std::make_shared<Options>();
  command
      .add_option("--out", options->out,
                  "folder for the gallery and the report [igrot-demo]")
      ->type_name("DIR");
  command.add_flag("--open", options->open, "open the report on the desktop");
  session.settings.offer(command, {"data", "model", "k", "target", "precision",
                                   "engine", "threads", "batch"});
  return [options, &session] { return run(*options, session); };
}

}  // namespace

constinit const Verb demo_verb{
    "demo", everybody_section,
    "asks the shipped pictures two questions, writes a report",
    R"(  igrot demo
  igrot demo --out /tmp/demo --open)",
    declare};

}  // namespace igrot::app
