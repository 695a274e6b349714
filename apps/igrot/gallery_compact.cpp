// `igrot gallery compact`: gives back the room of vectors nobody uses.
#include "base/fail.h"
#include "gallery_place.h"
#include "igrot/gallery.h"
#include "output.h"
#include "verbs.h"

namespace igrot::app {
namespace {

int run(Session& session) {
  auto gallery =
      Gallery::open(find_gallery(session), Access::write, session.runtime());
  const auto dropped = gallery.compact();
  const auto counts = gallery.counts();
  if (session.json)
    print_json({{"gallery", gallery.folder().string()},
                {"dropped_rows", dropped},
                {"pictures", counts.indexed}},
               1);
  else
    print(fmt::format("{}: {} dead rows dropped, {} pictures\n",
                      printable(gallery.folder().native()), dropped,
                      counts.indexed));
  return session.exit_code();
}

Run declare(CLI::App& command, Session& session) {
  session.settings.offer(command, {"gallery", "threads"});
  offer_json(command, session);
  return [&session] { return run(session); };
}

}  // namespace

constinit const Verb gallery_compact_verb{
    "gallery compact", everybody_section,
    "drops the vectors of pictures that are gone",
    R"(  igrot gallery compact
  igrot gallery compact --gallery ~/Pictures/.igrot)",
    declare};

}  // namespace igrot::app
