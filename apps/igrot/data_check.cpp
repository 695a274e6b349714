// `igrot data check`: whether a data set's folder is whole.
#include <fmt/ranges.h>

#include "base/fail.h"
#include "data/set_check.h"
#include "eval/asked_benchmark.h"
#include "output.h"
#include "verbs.h"

namespace igrot::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t shown_faults = 20;

struct Options {
  std::string name;
  std::string root;
  std::string split{all_splits};
  bool quick = false;
};

/// A data set by the name it was asked for.
struct Source {
  std::string name;
  fs::path root;
  std::vector<std::string_view> splits;
  std::function<std::vector<RetrievalSet>(std::string_view split)> read;
};

template <class Rows>
auto find_row(const Rows& rows, const std::string& name) {
  const auto row = std::ranges::find_if(
      rows, [&](const auto& each) { return each.name == name; });
  return row == rows.end() ? nullptr : &*row;
}

Source described_source(const std::string& file, const std::string& root) {
  const auto described = read_description(file);
  const auto folder =
      root.empty() ? fs::absolute(file).parent_path() : fs::absolute(root);
  return {described.name, folder, {all_splits}, [=](std::string_view) {
            return std::vector{read_described_set(described, folder)};
          }};
}

std::string known_names() {
  std::vector<std::string_view> names;
  for (const auto& row : retrieval_sources()) names.push_back(row.name);
  for (const auto& row : training_sets())
    if (std::ranges::find(names, row.name) == names.end())
      names.push_back(row.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

/// A name may be that of a set to measure with, to train on, or of both.
Source named_source(const std::string& name, const std::string& root) {
  const auto* measured = find_row(retrieval_sources(), name);
  const auto* trained = find_row(training_sets(), name);
  if (!measured && !trained)
    fail(ErrorKind::usage, "no data set '{}'; known are {}, or a FILE.toml",
         name, known_names());
  if (root.empty()) fail(ErrorKind::usage, "--root is required");
  Source source{name, root, {}, [=](std::string_view split) {
                  if (trained && split == train_split)
                    return std::vector{
                        set_of_triplets(read_training_set(name, root, false))};
                  return read_retrieval_sets(*measured, root, split);
                }};
  if (measured)
    source.splits.assign(measured->splits.begin(), measured->splits.end());
  if (trained) source.splits.push_back(train_split);
  return source;
}

/// The sets of the splits asked for; of "all", those whose lists are there.
std::vector<RetrievalSet> read_sets(const Source& source,
                                    const Options& options,
                                    const Session& session) {
  if (options.split != all_splits) {
    if (std::ranges::find(source.splits, options.split) == source.splits.end())
      fail(ErrorKind::usage, "{} has no split '{}'; it has {}", source.name,
           options.split, fmt::join(source.splits, ", "));
    return source.read(options.split);
  }
  std::vector<RetrievalSet> sets;
  std::string missing;
  for (const auto split : source.splits) try {
      for (auto& set : source.read(split)) sets.push_back(std::move(set));
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::not_found) throw;
      missing = error.what();
      if (source.splits.size() > 1)
        session.warn(fmt::format("{} is not checked: {}", split, missing));
    }
  if (sets.empty()) throw Error(ErrorKind::not_found, missing);
  return sets;
}

std::string title_of(const RetrievalSet& set) {
  return set.part.empty() ? set.split : set.split + " " + set.part;
}

/// What the set's questions are called.
std::string_view questions_of(const RetrievalSet& set) {
  return set.split == train_split ? "triplets" : "queries";
}

/// What differs from the published counts, a sentence each.
std::vector<std::string> differences(const Source& source,
                                     const RetrievalSet& set) {
  std::vector<std::string> list;
  const auto* known = find_published(source.name, set);
  if (!known) return list;
  const auto compare = [&](std::size_t found,
                           std::optional<std::size_t> expected,
                           std::string_view what) {
    if (expected && found != *expected)
      list.push_back(fmt::format("{} has {} {}, the public list {}",
                                 title_of(set), found, what, *expected));
  };
  compare(set.queries.size(), known->queries, questions_of(set));
  compare(set.gallery.size(), known->gallery, "pictures in its gallery");
  return list;
}

Json set_json(const Source& source, const RetrievalSet& set) {
  const auto* known = find_published(source.name, set);
  return {{"split", set.split},
          {"part", set.part},
          {"queries", set.queries.size()},
          {"gallery", set.gallery.size()},
          {"published_queries", known ? Json(known->queries) : Json()},
          {"published_gallery",
           known && known->gallery ? Json(*known->gallery) : Json()}};
}

/// What was found.
struct Report {
  std::vector<RetrievalSet> sets;
  std::vector<std::string> differences;
  std::size_t pictures = 0;
  std::vector<PictureFault> faults;

  bool is_whole() const { return differences.empty() && faults.empty(); }
};

Json document(const Source& source, const Options& options,
              const Report& report) {
  auto sets = Json::array();
  for (const auto& set : report.sets) sets.push_back(set_json(source, set));
  auto faults = Json::array();
  for (const auto& fault : report.faults)
    faults.push_back({{"path", fault.file.string()},
                      {"kind", describe(fault.kind).name},
                      {"reason", fault.reason}});
  return {{"name", source.name},
          {"root", source.root.string()},
          {"sets", sets},
          {"differences", report.differences},
          {"pictures", report.pictures},
          {"decoded", !options.quick},
          {"faults", faults}};
}

std::string count_of(std::size_t found, std::optional<std::size_t> published) {
  if (!published) return std::to_string(found);
  return fmt::format("{} of {}", found, *published);
}

void print_report(const Source& source, const Report& report) {
  for (const auto& set : report.sets) {
    const auto* known = find_published(source.name, set);
    print(fmt::format(
        "{:<16} {} {}, {} pictures to find\n", title_of(set),
        count_of(set.queries.size(),
                 known ? std::optional(known->queries) : std::nullopt),
        questions_of(set),
        count_of(set.gallery.size(), known ? known->gallery : std::nullopt)));
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
  const auto source = is_description(options.name)
                          ? described_source(options.name, options.root)
                          : named_source(options.name, options.root);
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
      .add_option(
          "NAME", options->name,
          "a name of igrot data list, but for the emoji; or a file that "
          "describes a set of your own (docs/datasets.md)")
      ->required()
      ->type_name("NAME|FILE.toml");
  command
      .add_option("--root", options->root,
                  "the data set's folder [that of FILE.toml]")
      ->type_name("DIR");
  command
      .add_option("--split", options->split,
                  "one split; train is what igrot train reads [all whose lists "
                  "are there]")
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
    "counts a data set's lists, finds missing and damaged pictures",
    R"(  igrot data check cirr --root CIRR
  igrot data check circo --root CIRCO --split val --quick
  igrot data check fashioniq --root FashionIQ --json
  igrot data check llavasco --root LaSCo
  igrot data check chairs.toml)",
    declare};

}  // namespace igrot::app
