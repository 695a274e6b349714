// `igrot search`: asks a gallery with words, pictures, a sketch, or all of
// them.
#include "base/fail.h"
#include "desktop.h"
#include "gallery_place.h"
#include "searching.h"
#include "verbs.h"

namespace igrot::app {
namespace {

struct Options {
  std::vector<std::string> words;
  std::vector<std::string> images;
  std::string sketch;
  std::vector<std::string> negatives;
  bool paths_only = false;
  bool null = false;
  bool open = false;
  std::string report;
};

Question read_question(const Options& options) {
  Question question;
  read_terms(options.words, names_picture, question);
  for (const auto& image : options.images)
    question.pictures.push_back(read_weighted_picture(image));
  if (!options.sketch.empty()) question.sketch = options.sketch;
  for (const auto& negative : options.negatives)
    read_negative(negative, names_picture, question);
  return question;
}

void print_found(const Found& found, const Options& options,
                 const Gallery& gallery, const ActiveModel& model,
                 const Session& session) {
  if (session.json)
    return print_json({{"query", question_json(found)},
                       {"model", model.path.string()},
                       {"gallery", gallery.folder().string()},
                       {"hits", hits_json(found)},
                       {"ms", found.ms}},
                      1);
  if (options.paths_only || options.null)
    return print_paths(found, options.null);
  print_table(found, session.world().working_folder, session.terminal());
}

void open_result(const Found& found, const Options& options) {
  if (!options.report.empty()) return open_on_desktop(options.report);
  if (found.pictures.empty())
    fail(ErrorKind::not_found, "--open: nothing was found");
  open_on_desktop(found.pictures.front().path);
}

int run(const Options& options, Session& session) {
  auto question = read_question(options);
  if (question.empty())
    fail(ErrorKind::usage,
         "nothing to look for: give words, a picture or --sketch");
  const auto gallery =
      Gallery::open(find_gallery(session), Access::read, session.runtime());
  const auto model = load_for(session, gallery);
  if (session.stopped()) return session.exit_code();
  const auto found = ask_gallery(session, gallery, model, std::move(question));
  print_found(found, options, gallery, model, session);
  if (!options.report.empty())
    write_report({.out = options.report,
                  .title = title_of(found.question),
                  .note = {},
                  .questions = {report_section(found, "The question",
                                               pictures_folder(gallery))}},
                 gallery, model);
  if (options.open) open_result(found, options);
  return session.exit_code();
}

Run declare(CLI::App& command, Session& session) {
  auto options = std::make_shared<Options>();
  command
      .add_option("TERMS", options->words,
                  "words, or terms: ./a.jpg + 2:night - fruit")
      ->type_name("TERM...");
  add_repeatable(command, "--image", options->images,
                 "a picture; F=2 gives it weight 2; repeatable")
      ->type_name("F");
  command
      .add_option("--sketch", options->sketch,
                  "a sketch; without words it is asked with --sketch-prompt")
      ->type_name("F");
  add_repeatable(command, "--not", options->negatives,
                 "words or a picture to keep away from; repeatable")
      ->type_name("TEXT|F");
  session.settings.offer(
      command,
      {"k", "min-score", "fusion", "weight", "negative-weight", "sketch-prompt",
       "gallery", "model", "precision", "engine", "threads"});
  command.add_flag("--paths-only", options->paths_only, "print bare paths");
  command.add_flag("-0,--null", options->null,
                   "bare paths as they are, each ended by NUL (for xargs -0)");
  command.add_flag("--open", options->open,
                   "open the best picture, or the report, on the desktop");
  command
      .add_option("--report", options->report,
                  "write a page with question and pictures")
      ->type_name("out.html");
  offer_json(command, session);
  return [options, &session] { return run(*options, session); };
}

}  // namespace

constinit const Verb search_verb{"search", everybody_section,
                                 "finds pictures by words, a picture or both",
                                 R"(  igrot search "a dog on the beach"
  igrot search --image dog.jpg "in the snow" -k 20 --report found.html
  igrot search --sketch horse.png
  igrot search ./a.jpg + night - fruit
  igrot search cats --paths-only -0 | xargs -0 ls -l)",
                                 declare};

}  // namespace igrot::app
