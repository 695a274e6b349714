// `igrot gallery check`: verifies everything a gallery holds.
#include "base/fail.h"
#include "gallery_place.h"
#include "igrot/gallery.h"
#include "output.h"
#include "verbs.h"

namespace igrot::app {
namespace {

int run(Session& session) {
  const auto gallery =
      Gallery::open(find_gallery(session), Access::read, session.runtime());
  const auto check = gallery.check();
  const auto& counts = check.counts;
  if (session.json) {
    print_json({{"gallery", gallery.folder().string()},
                {"pictures", counts.indexed},
                {"skipped", counts.skipped},
                {"dead_rows", counts.dead_rows},
                {"blocks", check.blocks},
                {"problems", check.problems}},
               1);
  } else {
    for (const auto& problem : check.problems)
      print(fmt::format("problem  {}\n", printable(problem)));
    print(fmt::format(
        "{}: {} pictures, {} skipped, {} dead rows, {} blocks, {}\n",
        printable(gallery.folder().native()), counts.indexed, counts.skipped,
        counts.dead_rows, check.blocks,
        check.problems.empty()
            ? "sound"
            : fmt::format("{} problems", check.problems.size())));
  }
  if (!check.problems.empty()) return describe(ErrorKind::corrupt).exit_code;
  return session.exit_code();
}

Run declare(CLI::App& command, Session& session) {
  session.settings.offer(command, {"gallery", "threads"});
  offer_json(command, session);
  return [&session] { return run(session); };
}

}  // namespace

constinit const Verb gallery_check_verb{"gallery check", everybody_section,
                                        "verifies every checksum of a gallery",
                                        R"(  igrot gallery check && echo sound
  igrot gallery check --gallery ~/Pictures/.igrot --json)",
                                        declare};

}  // namespace igrot::app
