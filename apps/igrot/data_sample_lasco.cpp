// `igrot data sample-lasco`: the triplets of LaSCo that LlavaSCo is made of.
#include "base/fail.h"
#include "base/file.h"
#include "data/lasco_sample.h"
#include "data/retrieval_readers.h"
#include "output.h"
#include "verbs.h"

namespace igrot::app {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string root;
  std::string split = "train";
  std::string list;
  std::string out;
};

fs::path list_of(const Options& options) {
  if (options.split != "train" && options.split != "val")
    fail(ErrorKind::usage, "--split is '{}', expected train or val",
         options.split);
  if (!options.list.empty()) return fs::path(options.root) / options.list;
  return first_file(options.root,
                    {fmt::format("lasco_{}.json", options.split),
                     fmt::format("{}_llavasco.json", options.split)});
}

int run(const Options& options, Session& session) {
  const auto list = list_of(options);
  std::error_code ignored;
  if (fs::equivalent(list, options.out, ignored))
    fail(ErrorKind::usage, "--out is the list itself: {}", options.out);
  const auto sample = sample_lasco(list);
  AtomicFile file(options.out);
  file.write(sample.json);
  file.commit();
  if (session.json)
    print_json({{"list", list.string()},
                {"listed", sample.listed},
                {"triplets", sample.triplets},
                {"out", options.out}},
               1);
  else
    print(fmt::format("{} of {} triplets of {} in {}\n", sample.triplets,
                      sample.listed, printable(list.native()),
                      printable(options.out)));
  return session.exit_code();
}

Run declare(CLI::App& command, Session& session) {
  auto options = std::make_shared<Options>();
  command.add_option("--root", options->root, "LaSCo's folder")
      ->required()
      ->type_name("DIR");
  command
      .add_option("--out", options->out,
                  "the sample, in the form of the list; replaced if it is "
                  "there")
      ->required()
      ->type_name("FILE");
  command.add_option("--split", options->split, "whose list [train]")
      ->type_name("train|val");
  command
      .add_option("--list", options->list,
                  "another list below the root [lasco_SPLIT.json, else "
                  "SPLIT_llavasco.json]")
      ->type_name("FILE");
  offer_json(command, session);
  return [options, &session] { return run(*options, session); };
}

}  // namespace

constinit const Verb data_sample_lasco_verb{
    "data sample-lasco", plumbing_section,
    "every 70th of LaSCo's first 350,000 triplets, which LlavaSCo is made of",
    R"(  igrot data sample-lasco --root LaSCo --out sample.json
  igrot data sample-lasco --root LaSCo --split val --out val.json --json)",
    declare};

}  // namespace igrot::app
