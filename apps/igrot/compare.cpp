// `igrot compare`: two results of `igrot eval` held against each other.
#include <array>

#include "compare_files.h"
#include "compare_output.h"
#include "table_format.h"
#include "verbs.h"

namespace igrot::app {
namespace {

constexpr std::size_t most_samples = 10'000'000;

struct Options {
  std::string a;
  std::string b;
  CompareRequest request;
  std::vector<std::string> methods;
  std::string format = "text";
};

/// "composed", or "image:composed" for other methods in A and B.
std::pair<std::string, std::string> method_pair(const std::string& text) {
  const auto colon = text.find(':');
  if (colon == std::string::npos) return {text, text};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

int run(const Options& options, Session& session) {
  const auto format = table_format(options.format, session.json);
  auto request = options.request;
  for (const auto& method : options.methods)
    request.how.methods.push_back(method_pair(method));
  request.how.threads = session.runtime().thread_count();
  const auto outcome =
      compare_folders(read_eval_folder(options.a), read_eval_folder(options.b),
                      request, session);
  switch (format) {
    case TableFormat::text:
      print(outcome.text);
      break;
    case TableFormat::markdown:
      print(outcome.markdown);
      break;
    case TableFormat::csv:
      print(outcome.csv);
      break;
    case TableFormat::json:
      print_json(outcome.document, 1);
      break;
  }
  return session.exit_code();
}

void declare_how(CLI::App& command, Options& options) {
  auto& request = options.request;
  add_repeatable(command, "--metric", request.how.metrics,
                 "a metric to compare, repeatable; changes are ordered by the "
                 "first [all of them]")
      ->type_name("NAME");
  add_repeatable(command, "--method", options.methods,
                 "a way to ask, or OF_A:OF_B for other ones, repeatable [those "
                 "that both have]")
      ->type_name("M");
  command.add_flag("--common", request.how.common,
                   "compare only the questions that both were asked");
  command
      .add_option("--samples", request.how.bootstrap.samples,
                  "how often questions are drawn again [10000]")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, most_samples).description(""));
  command
      .add_option("--seed", request.how.bootstrap.seed,
                  "of the random numbers that draw them [0]")
      ->type_name("N");
  command
      .add_option("--out", request.page,
                  "also write a page with the biggest changes")
      ->type_name("PAGE.html");
  command
      .add_option(
          "--root", request.root,
          "where the page's pictures are [the benchmark's folder that A "
          "names]")
      ->type_name("DIR");
}

Run declare(CLI::App& command, Session& session) {
  auto options = std::make_shared<Options>();
  command.add_option("A", options->a, "a folder that `igrot eval` wrote")
      ->required()
      ->type_name("A");
  command.add_option("B", options->b, "the one that may be better")
      ->required()
      ->type_name("B");
  declare_how(command, *options);
  session.settings.offer(command, {"threads"});
  offer_table_format(command, options->format);
  offer_json(command, session);
  return [options, &session] { return run(*options, session); };
}

}  // namespace

constinit const Verb compare_verb{
    "compare", plumbing_section,
    "tells which of two evaluations is better, and where",
    R"(  igrot compare old new --out changes.html
  igrot compare old new --metric mAP --metric R@10 --format markdown
  igrot compare result result --method image:composed
  igrot compare all quick --common --json)",
    declare};

}  // namespace igrot::app
