// `igrot submit check`: a file for the servers of CIRR or CIRCO, before it is
// sent.
#include "base/fail.h"
#include "output.h"
#include "submission.h"
#include "verbs.h"

namespace igrot::app {
namespace {

struct Options {
  std::string file;
  SubmissionOptions check;
  std::string root;
};

Json problem_json(const Finding& finding) {
  return {{"name", finding.row->name},
          {"what", finding.first},
          {"places", finding.places},
          {"advice", finding.row->advice}};
}

Json document(const Options& options, const Submission& submission,
              const Findings& findings) {
  auto problems = Json::array();
  for (const auto& finding : findings.list())
    problems.push_back(problem_json(finding));
  const auto* format = submission.format;
  return {{"file", options.file},
          {"format", format ? Json(format->name) : Json()},
          {"split", format ? Json(submission.split->name) : Json()},
          {"queries", submission.lists.size()},
          {"size_bytes", submission.size_bytes},
          {"data_set", options.root.empty() ? Json() : Json(options.root)},
          {"problems", problems}};
}

std::string problem_text(const Finding& finding) {
  const auto more = finding.places == 1 ? ""
                                        : fmt::format(" (and {} more like it)",
                                                      finding.places - 1);
  return fmt::format("problem  {}{}\n         {}\n", finding.first, more,
                     finding.row->advice);
}

std::string summary(const Options& options, const Submission& submission,
                    const Findings& findings) {
  auto text = printable(options.file) + ": ";
  if (submission.format)
    text += fmt::format("{} for {}, {} queries, ", submission.format->name,
                        submission.split->name, submission.lists.size());
  text += fmt::format("{} bytes, ", submission.size_bytes);
  if (!findings.empty())
    return text + fmt::format("{} kind{} of problem\n", findings.list().size(),
                              findings.list().size() == 1 ? "" : "s");
  text += "sound\n";
  if (options.root.empty())
    text +=
        "Give the data set with --root to have the queries' numbers, pictures "
        "and\nown pictures checked too.\n";
  return text;
}

int run(const Options& options, Session& session) {
  Findings findings;
  auto check = options.check;
  check.root = options.root;
  const auto submission = check_submission(options.file, check, findings);
  if (session.json) {
    print_json(document(options, submission, findings), 1);
  } else {
    for (const auto& finding : findings.list()) print(problem_text(finding));
    print(summary(options, submission, findings));
  }
  if (!findings.empty()) return describe(ErrorKind::corrupt).exit_code;
  return session.exit_code();
}

Run declare(CLI::App& command, Session& session) {
  auto options = std::make_shared<Options>();
  command.add_option("FILE", options->file, "the JSON file to be sent")
      ->required()
      ->type_name("FILE");
  command
      .add_option("--root", options->root,
                  "the data set's folder: also checks the queries' numbers, "
                  "the pictures, own pictures and subsets")
      ->type_name("DIR");
  command
      .add_option("--as", options->check.benchmark,
                  "whose file it is meant to be [what it looks like]")
      ->type_name("cirr|circo");
  command
      .add_option("--split", options->check.split,
                  "test1 or val of CIRR, test or val of CIRCO [the one that "
                  "the server scores]")
      ->type_name("S");
  offer_json(command, session);
  return [options, &session] { return run(*options, session); };
}

}  // namespace

constinit const Verb submit_check_verb{
    "submit check", plumbing_section,
    "finds what is wrong with a file for CIRR's or CIRCO's server",
    R"(  igrot submit check recall.json
  igrot submit check recall_subset.json --root CIRR
  igrot submit check circo.json --root CIRCO --json)",
    declare};

}  // namespace igrot::app
