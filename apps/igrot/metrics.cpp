// `igrot metrics`: rankings of others, scored by every definition.
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "base/fail.h"
#include "choices.h"
#include "metrics/aspects.h"
#include "metrics/every_metric.h"
#include "metrics_table.h"
#include "output.h"
#include "scored_queries.h"
#include "verbs.h"

namespace igrot::app {
namespace {

/// What becomes of queries that nothing is right for.
enum class NoAnswer { zero, skip };

constexpr std::array no_answers{Named{NoAnswer::zero, "zero"},
                                Named{NoAnswer::skip, "skip"}};

struct Options {
  std::string scores;
  std::string ranking;
  LabelFiles files;
  std::string kind = "auto";
  SubmissionOptions submission;
  std::string root;
  std::string cuts;
  std::string rounding = "none";
  std::string no_answer = "zero";
  bool per_query = false;
};

std::vector<std::size_t> cuts_of(const std::string& list) {
  if (list.empty()) return {usual_cuts.begin(), usual_cuts.end()};
  std::vector<std::size_t> cuts;
  for (const auto& word : CLI::detail::split(list, ',')) {
    std::size_t cut = 0;
    const auto* end = word.data() + word.size();
    const auto [rest, error] = std::from_chars(word.data(), end, cut);
    if (error != std::errc() || rest != end || cut == 0)
      fail(ErrorKind::usage,
           "--cuts is '{}', expected numbers from 1 on with commas between, "
           "such as 1,5,10",
           list);
    cuts.push_back(cut);
  }
  std::ranges::sort(cuts);
  const auto again = std::ranges::unique(cuts);
  cuts.erase(again.begin(), again.end());
  return cuts;
}

bool is_json(const std::string& file) {
  return std::filesystem::path(file).extension() == ".json";
}

/// Throws Error: usage.
void check_options(const Options& options) {
  if (options.scores.empty() == options.ranking.empty())
    fail(ErrorKind::usage, "give either --scores or --ranking");
  if (is_json(options.ranking)) {
    if (options.root.empty())
      fail(ErrorKind::usage,
           "--ranking {} needs the data set that it answers: --root DIR",
           options.ranking);
    if (!options.files.labels.empty())
      fail(ErrorKind::usage,
           "--labels goes with npy files; what is right for a .json file is "
           "in the data set of --root");
  } else if (options.files.labels.empty()) {
    fail(ErrorKind::usage, "what is right? Give --labels L.npy");
  }
}

/// Nothing when the user wants it ended.
std::optional<ScoredQueries> read_queries(const Options& options,
                                          const Session& session) {
  auto files = options.files;
  files.kind = choose(label_kinds, options.kind, "--labels-are");
  if (is_json(options.ranking)) {
    auto submission = options.submission;
    submission.root = options.root;
    if (submission.split.empty()) submission.split = "val";
    return score_submission(options.ranking, submission);
  }
  if (!options.ranking.empty()) return score_rankings(options.ranking, files);
  auto bar = session.bar("ranking");
  return score_matrix(options.scores, files,
                      [&](std::size_t done, std::size_t total) {
                        bar.show(done, total);
                        return !session.stopped();
                      });
}

/// Takes out the queries that nothing is right for; returns how many there
/// are, taken out or not.
std::size_t settle_no_answers(ScoredQueries& scored, NoAnswer no_answer) {
  const auto& judged =
      scored.ranks.empty() ? scored.subset_ranks : scored.ranks;
  std::vector<bool> empty;
  for (const auto& list : judged) empty.push_back(list.empty());
  const auto count = static_cast<std::size_t>(std::ranges::count(empty, true));
  if (no_answer == NoAnswer::zero || count == 0) return count;
  const auto drop = [&](auto& lists) {
    std::size_t q = 0;
    std::erase_if(lists, [&](const auto&) { return empty[q++]; });
  };
  drop(scored.ranks);
  drop(scored.target_ranks);
  drop(scored.subset_ranks);
  drop(scored.aspects);
  return count;
}

/// R of other rankings than the main one.
void add_recalls(std::vector<MetricRow>& rows, std::string_view family,
                 const std::vector<Rows>& ranks, const MetricOptions& how) {
  if (ranks.empty()) return;
  const auto first = first_ranks(ranks);
  for (const auto cut : how.cuts)
    rows.push_back(
        {std::string(family), cut, recall_at(first, cut, how.rounding)});
}

void add_aspects(std::vector<MetricRow>& rows, const ScoredQueries& scored) {
  if (scored.aspects.empty()) return;
  const auto means = circo_aspect_means(scored.ranks, scored.aspects);
  for (std::size_t i = 0; i < means.size(); ++i)
    rows.push_back(
        {fmt::format("mAP {}", circo_aspects[i]), circo_aspect_cut, means[i]});
}

/// Cuts that the rankings reach. A list tells nothing about what lies behind.
std::vector<std::size_t> reached_cuts(std::vector<std::size_t> cuts,
                                      const ScoredQueries& scored,
                                      bool are_lists) {
  if (are_lists)
    std::erase_if(cuts, [&](std::size_t cut) { return cut > scored.depth; });
  return cuts;
}

std::vector<MetricRow> metrics_of(const ScoredQueries& scored,
                                  const MetricOptions& how, bool are_lists) {
  std::vector<MetricRow> rows;
  const bool whole =
      !are_lists || std::ranges::none_of(scored.ranks, [](const Rows& ranks) {
        return !ranks.empty() && ranks.back() == unranked;
      });
  if (!scored.ranks.empty() || scored.subset_ranks.empty())
    for (auto& metric : every_metric(scored.ranks, how))
      if (metric.cut > 0 || whole)
        rows.push_back({std::move(metric.family), metric.cut, metric.value});
  add_recalls(rows, "R target", scored.target_ranks, how);
  add_recalls(rows, "R_subset", scored.subset_ranks, how);
  add_aspects(rows, scored);
  return rows;
}

/// The metrics of each query alone.
Json per_query_json(const ScoredQueries& scored, const MetricOptions& how) {
  auto list = Json::array();
  for (const auto& ranks : scored.ranks) {
    auto query = Json::object();
    for (const auto& metric : every_metric(std::span(&ranks, 1), how))
      query[metric.name()] = metric.value;
    list.push_back(std::move(query));
  }
  return list;
}

std::string no_answer_text(std::size_t count, std::string_view no_answer) {
  if (count == 0) return "";
  return fmt::format("; {} without an answer {}", count,
                     no_answer == "skip" ? "left out" : "count 0");
}

void print_result(const Options& options, const ScoredQueries& scored,
                  const MetricOptions& how, std::size_t without_answer,
                  const Session& session) {
  const auto rows = metrics_of(scored, how, options.scores.empty());
  const auto queries =
      std::max(scored.ranks.size(), scored.subset_ranks.size());
  if (!session.json) {
    print(fmt::format("{} queries, labels: {}{}\n\n", queries, scored.labels,
                      no_answer_text(without_answer, options.no_answer)));
    return print(metrics_text(rows));
  }
  Json result{
      {"queries", queries},
      {"gallery", scored.gallery ? Json(*scored.gallery) : Json()},
      {"labels", scored.labels},
      {"without_answer", without_answer},
      {"settings",
       {{"no_answer", options.no_answer}, {"rounding", options.rounding}}},
      {"metrics", metrics_json(rows)}};
  if (options.per_query) result["per_query"] = per_query_json(scored, how);
  print_json(result, 1);
}

int run(const Options& options, Session& session) {
  check_options(options);
  const auto cuts = cuts_of(options.cuts);
  const auto rounding = choose(roundings, options.rounding, "--rounding");
  const auto no_answer = choose(no_answers, options.no_answer, "--no-answer");
  auto scored = read_queries(options, session);
  if (!scored) return session.exit_code();
  if (scored->not_numbers > 0)
    session.warn(fmt::format(
        "{} scores are not numbers: these rows count as never found",
        scored->not_numbers));
  const auto without_answer = settle_no_answers(*scored, no_answer);
  const auto reached = reached_cuts(cuts, *scored, options.scores.empty());
  print_result(options, *scored, {.cuts = reached, .rounding = rounding},
               without_answer, session);
  return session.exit_code();
}

void declare_labels(CLI::App& command, Options& options) {
  const auto add = [&](const char* name, std::string& value, const char* type,
                       const char* help) {
    command.add_option(name, value, help)->type_name(type);
  };
  add("--labels", options.files.labels, "L.npy",
      "what is right for Q queries and G pictures: [Q] rows that are right; [Q "
      "+ G] classes of queries, then pictures; [Q, G] 1 right, 0 wrong, -1 "
      "left "
      "out; [Q, T] rows that are right, the one that was meant first, -1 none");
  add("--gallery-labels", options.files.gallery_labels, "L.npy",
      "[G] classes of the pictures, where --labels has those of the queries");
  add("--labels-are", options.kind, "KIND",
      "auto, target, classes, relevance or rows, where the shape does not tell "
      "[auto]");
  add("--removed", options.files.removed, "R.npy",
      "[Q] or [Q, T] rows left out of a query's ranking, -1 none");
  add("--subset", options.files.subset, "R.npy",
      "[Q, T] rows of a smaller ranking, for R_subset");
}

Run declare(CLI::App& command, Session& session) {
  auto options = std::make_shared<Options>();
  const auto add = [&](const char* name, std::string& value, const char* type,
                       const char* help) {
    command.add_option(name, value, help)->type_name(type);
  };
  add("--scores", options->scores, "S.npy", "[Q, G] scores, higher is better");
  add("--ranking", options->ranking, "FILE",
      "instead of scores: [Q, K] rows from best to worst in an npy file, or a "
      ".json submission of CIRR or CIRCO");
  declare_labels(command, *options);
  add("--root", options->root, "DIR",
      "of a .json ranking: the folder of its data set");
  add("--split", options->submission.split, "S",
      "of a .json ranking: its split [val]");
  add("--cuts", options->cuts, "K,K,...",
      "places after which rankings are cut [1,2,3,5,10,25,50,100,200,1000]");
  add("--rounding", options->rounding, "none|sbir|cir",
      "as the reference program rounds: its drawings and domains, or its "
      "composed questions [none]");
  add("--no-answer", options->no_answer, "zero|skip",
      "queries that nothing is right for count 0 or are left out [zero]");
  command.add_flag("--per-query", options->per_query,
                   "with --json: also the metrics of each query");
  offer_json(command, session);
  return [options, &session] { return run(*options, session); };
}

}  // namespace

constinit const Verb metrics_verb{
    "metrics", plumbing_section, "scores rankings by every definition",
    R"(  igrot metrics --scores scores.npy --labels targets.npy
  igrot metrics --scores s.npy --labels queries.npy --gallery-labels g.npy
  igrot metrics --scores s.npy --labels l.npy --rounding sbir --json
  igrot metrics --ranking circo_val.json --root CIRCO)",
    declare};

}  // namespace igrot::app
