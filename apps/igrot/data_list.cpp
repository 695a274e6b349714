// `igrot data list`: the data sets igrot reads, to train on and to measure
// with.
#include "base/fail.h"
#include "data/retrieval_set.h"
#include "data/training_set.h"
#include "eval/benchmarks.h"
#include "output.h"
#include "verbs.h"

namespace igrot::app {
namespace {

Json splits_of(const Benchmark& benchmark) {
  auto splits = Json::array();
  for (const auto split : benchmark.splits(benchmark)) splits.push_back(split);
  return splits;
}

/// {"name", "use", "what", "splits"} of each.
Json all_sets() {
  auto list = Json::array();
  for (const auto& benchmark : benchmarks())
    list.push_back({{"name", benchmark.name},
                    {"use", "eval"},
                    {"what", benchmark.what},
                    {"splits", splits_of(benchmark)}});
  for (const auto& set : training_sets())
    list.push_back({{"name", set.name},
                    {"use", "train"},
                    {"what", set.what},
                    {"splits", Json::array()}});
  return list;
}

void print_table(const Json& list, bool colour) {
  print(styled(fmt::format("{:<6} {:<15} {:<13} {}", "for", "name", "splits",
                           "what"),
               "1", colour) +
        "\n");
  for (const auto& set : list) {
    std::string splits;
    for (const auto& split : set["splits"])
      splits += (splits.empty() ? "" : ", ") + split.get<std::string>();
    print(fmt::format("{:<6} {:<15} {:<13} {}\n", set["use"].get<std::string>(),
                      set["name"].get<std::string>(), splits,
                      set["what"].get<std::string>()));
  }
  print("A set of your own: igrot eval FILE.toml (docs/datasets.md)\n");
}

int run(const Session& session) {
  const auto list = all_sets();
  if (session.json)
    print_json(list, 1);
  else
    print_table(list, session.terminal().colour);
  return session.exit_code();
}

Run declare(CLI::App& command, Session& session) {
  offer_json(command, session);
  return [&session] { return run(session); };
}

}  // namespace

constinit const Verb data_list_verb{
    "data list", plumbing_section,
    "lists the data sets igrot trains on and measures with",
    R"(  igrot data list
  igrot data list --json)",
    declare};

}  // namespace igrot::app
