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

constexpr std::string_view never_seen_note =
    "The model was trained on two artists' drawings of emoji and on black "
    "line drawings. Some of these emoji it has never seen, and one artist, "
    "EmojiOne, not at all: those pictures say so.";

/// Says of each picture what is new about it to the model.
void remark(Found& found, const std::map<fs::path, std::string>& remarks) {
  for (auto& picture : found.pictures)
    if (const auto known = remarks.find(picture.path); known != remarks.end())
      picture.remark = known->second;
}

int run(const Options& options, Session& session) {
  const auto data = data_folder(session);
  const auto pack = fs::weakly_canonical(data / "emoji");
  const auto script = read_demo_script(data / "demo" / "demo.json", pack);
  // Of a model somebody brings along, nothing is known.
  const bool shipped = !session.settings.path("model");
  const auto remarks =
      shipped ? never_seen(pack) : std::map<fs::path, std::string>{};
  const auto out = fs::absolute(options.out);
  make_folder(out);

  const auto indexed = index_pictures(
      session,
      {.roots = script.folders, .gallery = out / "gallery", .base = pack});
  if (session.stopped()) return session.exit_code();
  print(fmt::format("{} pictures of {} indexed with {} ({:.1f} s)\n",
                    indexed.total, printable(pack.native()),
                    printable(indexed.model.filename().native()),
                    indexed.seconds));

  const auto gallery =
      Gallery::open(indexed.gallery, Access::read, session.runtime());
  const auto model = load_for(session, gallery);
  const auto report = out / "report.html";
  ReportRequest page{.out = report,
                     .title = "What igrot finds",
                     .note = std::string(shipped ? never_seen_note : ""),
                     .questions = {}};
  for (const auto& [title, question] : script.questions) {
    auto found = ask_gallery(session, gallery, model, question);
    remark(found, remarks);
    print(
        fmt::format("\n{}: {}\n", title, printable(title_of(found.question))));
    print_table(found, pack, session.terminal());
    page.questions.push_back(report_section(found, title, pack));
  }
  write_report(page, gallery, model);
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
    "asks the shipped pictures a few questions, writes a report",
    R"(  igrot demo
  igrot demo --out /tmp/demo --open)",
    declare};

}  // namespace igrot::app
