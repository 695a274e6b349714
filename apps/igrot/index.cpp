// `igrot index`: brings a gallery up to date with its folders.
#include "base/fail.h"
#include "gallery_place.h"
#include "indexing.h"
#include "output.h"
#include "verbs.h"

namespace igrot::app {
namespace {

struct Options {
  std::vector<std::string> roots;
  bool watch = false;
};

Json skipped_json(const std::vector<SkippedFile>& skipped) {
  auto list = Json::array();
  for (const auto& [path, skip] : skipped)
    list.push_back({{"path", path.string()},
                    {"kind", describe(skip.kind).name},
                    {"reason", skip.reason}});
  return list;
}

Json json_of(const Indexed& indexed, bool interrupted) {
  const auto& counts = indexed.counts;
  return {{"gallery", indexed.gallery.string()},
          {"model", indexed.model.string()},
          {"new", counts.added},
          {"changed", counts.changed},
          {"moved", counts.moved},
          {"deleted", counts.deleted},
          {"unchanged", counts.unchanged},
          {"skipped", skipped_json(indexed.skipped)},
          {"pictures", indexed.total},
          {"seconds", indexed.seconds},
          {"interrupted", interrupted},
          {"left", indexed.wanted - indexed.done}};
}

void print_text(const Indexed& indexed, bool interrupted) {
  for (const auto& [path, skip] : indexed.skipped)
    print(fmt::format("skipped  {}: {} ({})\n", printable(path.native()),
                      printable(skip.reason), describe(skip.kind).name));
  const auto& counts = indexed.counts;
  print(fmt::format(
      "{} new, {} changed, {} moved, {} deleted, {} unchanged, {} skipped\n",
      counts.added, counts.changed, counts.moved, counts.deleted,
      counts.unchanged, indexed.skipped.size()));
  print(fmt::format("{} pictures in {} ({:.1f} s)\n", indexed.total,
                    printable(indexed.gallery.native()), indexed.seconds));
  if (interrupted)
    print(
        fmt::format("Stopped with {} of {} files done; the same command goes "
                    "on from here.\n",
                    indexed.done, indexed.wanted));
}

int run(const Options& options, Session& session) {
  if (options.watch)
    fail(ErrorKind::unsupported, "--watch is not in this build");
  session.settings.find("decode");
  IndexRequest request{.roots = {options.roots.begin(), options.roots.end()},
                       .gallery = {},
                       .base = {}};
  const auto place = place_for(session, request.roots.front());
  request.gallery = place.folder;
  request.base = place.base;
  const auto indexed = index_pictures(session, request);
  if (session.json)
    print_json(json_of(indexed, session.stopped()), 1);
  else
    print_text(indexed, session.stopped());
  return session.exit_code(indexed.skipped.size());
}

Run declare(CLI::App& command, Session& session) {
  auto options = std::make_shared<Options>();
  command.add_option("DIRS", options->roots, "folders with pictures")
      ->required()
      ->type_name("DIR...");
  session.settings.offer(
      command, {"gallery", "model", "target", "precision", "decode", "pad",
                "ratio", "alpha", "convert-first", "exif", "icc", "activation",
                "engine", "threads", "batch", "data"});
  command.add_flag("--watch", options->watch)->group("");
  offer_json(command, session);
  offer_strict(command, session);
  return [options, &session] { return run(*options, session); };
}

}  // namespace

constinit const Verb index_verb{
    "index", everybody_section,
    "indexes the pictures of folders, or what is new in them",
    R"(  igrot index ~/Pictures
  igrot index ~/Pictures --model union_clip_l.pth --gallery ~/big.igrot
  igrot index . --json --strict)",
    declare};

}  // namespace igrot::app
