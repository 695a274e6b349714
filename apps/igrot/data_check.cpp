// `igrot data check`: whether a benchmark's folder is whole.
#include "base/fail.h"
#include "data/set_check.h"
#include "output.h"
#include "verbs.h"

namespace igrot::app {
namespace {

constexpr std::size_t shown_faults = 20;

struct Options {
  std::string name;
  std::string root;
  std::string split = "all";
  bool quick = false;
};

/// The sets of the splits asked for; of "all", those whose lists are there.
std::vector<RetrievalSet> read_sets(const RetrievalSource& source,
                                    const Options& options,
                                    const Session& session) {
  if (options.split != "all")
    return read_retrieval_sets(source, options.root, options.split);
  std::vector<RetrievalSet> sets;
  std::string missing;
  for (const auto split : source.splits) try {
      for (auto& set : read_retrieval_sets(source, options.root, split))
        sets.push_back(std::move(set));
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::not_found) throw;
      missing = error.what();
      session.warn(fmt::format("{} is not checked: {}", split, missing));
    }
  if (sets.empty()) throw Error(ErrorKind::not_found, missing);
  return sets;
}

std::string title_of(const RetrievalSet& set) {
  return set.part.empty() ? set.split : set.split + " " + set.part;
}

/// What differs from the published counts, a sentence each.
std::vector<std::string> differences(const RetrievalSource& source,
                                     const RetrievalSet& set) {
  std::vector<std::string> list;
  const auto* known = find_published(source.name, set);
  if (!known) return list;
  const auto compare = [&](std::size_t found, std::size_t expected,
                           std::string_view what) {
    if (found != expected)
      list.push_back(fmt::format("{} has {} {}, the public list {}",
                                 title_of(set), found, what, expected));
  };
  compare(set.queries.size(), known->queries, "queries");
  compare(set.gallery.size(), known->gallery, "pictures in its gallery");
  return list;
}

Json set_json(const RetrievalSource& source, const RetrievalSet& set) {
  const auto* known = find_published(source.name, set);
  return {{"split", set.split},
          {"part", set.part},
          {"queries", set.queries.size()},
          {"gallery", set.gallery.size()},
          {"published_queries", known ? Json(known->queries) : Json()},
          {"published_gallery", known ? Json(known->gallery) : Json()}};
}

/// What was found.
struct Report {
  std::vector<RetrievalSet> sets;
  std::vector<std::string> differences;
  std::size_t pictures = 0;
  std::vector<PictureFault> faults;

  bool is_whole() const { return differences.empty() && faults.empty(); }
};

Json document(const RetrievalSource& source, const Options& options,
              const Report& report) {
  auto sets = Json::array();
  for (const auto& set : report.sets) sets.push_back(set_json(source, set));
  auto faults = Json::array();
  for (const auto& fault : report.faults)
    faults.push_back({{"path", fault.file.string()},
                      {"kind", describe(fault.kind).name},
                      {"reason", fault.reason}});
  return {{"name", source.name},
          {"root", options.root},
          {"sets", sets},
          {"differences", report.differences},
          {"pictures", report.pictures},
          {"decoded", !options.quick},
          {"faults", faults}};
}

std::string count_of(std::size_t found, const std::size_t* published) {
  if (!published) return std::to_string(found);
  return fmt::format("{} of {}", found, *published);
}

void print_report(const RetrievalSource& source, const Report& report) {
  for (const auto& set : report.sets) {
    const auto* known = find_published(source.name, set);
    print(fmt::format(
        "{:<16} {} queries, {} pictures in the gallery\n", title_of(set),
        count_of(set.queries.size(), known ? &known->queries : nullptr),
        count_of(set.gallery.size(), known ? &known->gallery : nullptr)));
  }
  for (const auto& sentence : report.differences)
    print("problem  " + sentence + "\n");
  for (std::size_t i = 0; i < std::min(shown_faults, report.faults.size()); ++i)
    print("problem  " + printable(report.faults[i].reason) + "\n");
  if (report.faults.size() > shown_faults)
    print(fmt::format("problem  and {} more pictures (all with --json)\n",
                      report.faults.size() - shown_faults));
  print(fmt::format("{} pictures, {} missing or damaged\n", report.pictures,
                    report.faults.size()));
}

int run(const Options& options, Session& session) {
  const auto& source = find_retrieval_source(options.name);
  Report report{.sets = read_sets(source, options, session),
                .differences = {},
                .pictures = 0,
                .faults = {}};
  for (const auto& set : report.sets)
    for (auto& sentence : differences(source, set))
      report.differences.push_back(std::move(sentence));
  const auto files = pictures_of(report.sets);
  auto bar = session.bar("checking pictures");
  report.faults =
      check_pictures(files, {.decode = !options.quick,
                             .progress =
                                 [&](std::size_t done, std::size_t total) {
                                   report.pictures = done;
                                   bar.show(done, total);
                                   return !session.stopped();
                                 },
                             .threads = session.runtime().thread_count()});
  bar.clear();
  if (session.json)
    print_json(document(source, options, report), 1);
  else
    print_report(source, report);
  if (!report.is_whole()) return describe(ErrorKind::corrupt).exit_code;
  return session.exit_code();
}

Run declare(CLI::App& command, Session& session) {
  auto options = std::make_shared<Options>();
  command
      .add_option("NAME", options->name,
                  "a benchmark of igrot data list, but for the emoji")
      ->required()
      ->type_name("NAME");
  command.add_option("--root", options->root, "the data set's folder")
      ->required()
      ->type_name("DIR");
  command
      .add_option("--split", options->split,
                  "one split [all whose lists are there]")
      ->type_name("S|all");
  command.add_flag("--quick", options->quick,
                   "look only whether the pictures are there");
  session.settings.offer(command, {"threads"});
  offer_json(command, session);
  return [options, &session] { return run(*options, session); };
}

}  // namespace

constinit const Verb data_check_verb{
    "data check", plumbing_section,
    "counts a benchmark's lists, finds missing and damaged pictures",
    R"(  igrot data check cirr --root CIRR
  igrot data check circo --root CIRCO --split val --quick
  igrot data check fashioniq --root FashionIQ --json)",
    declare};

}  // namespace igrot::app
