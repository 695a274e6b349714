// Submissions for splits whose answers are public, scored here.
#include <algorithm>
#include <map>

#include "base/fail.h"
#include "metrics/ranking.h"
#include "scored_queries.h"

namespace igrot::app {
namespace {

/// What makes the lists unfit to be scored, as one sentence.
void refuse_problems(const Findings& findings) {
  for (const auto& finding : findings.list())
    if (finding.row->fault != Fault::own_picture)
      fail(ErrorKind::corrupt, "{}. {}", finding.first, finding.row->advice);
}

RetrievalSet read_judged_set(const Submission& submission,
                             const std::filesystem::path& root) {
  const auto& split = *submission.split;
  auto sets = read_retrieval_sets(find_retrieval_source(split.benchmark), root,
                                  split.name);
  if (!sets.at(0).judged)
    fail(ErrorKind::usage,
         "the answers of {} of {} are not public; its server knows them",
         split.name, split.benchmark);
  return std::move(sets[0]);
}

/// Adds the answers of a query whose ranking is these rows.
void add_query(ScoredQueries& scored, const RetrievalQuery& query,
               const Rows& ranking, bool in_subset) {
  scored.depth = std::max(scored.depth, ranking.size());
  auto& ranks = in_subset ? scored.subset_ranks : scored.ranks;
  ranks.push_back(ranks_in(ranking, query.relevant.list()));
  if (query.target)
    scored.target_ranks.push_back(ranks_in(ranking, Rows{*query.target}));
  if (!in_subset) scored.aspects.push_back(query.kinds);
}

}  // namespace

ScoredQueries score_submission(const std::filesystem::path& file,
                               const SubmissionOptions& options) {
  Findings findings;
  const auto submission = check_submission(file, options, findings);
  at(file.string(), [&] { refuse_problems(findings); });
  const auto set = read_judged_set(submission, options.root);
  std::map<std::string, std::size_t> rows;
  for (std::size_t row = 0; row < set.names.size(); ++row)
    rows.emplace(set.names[row], row);
  std::map<std::string, Rows> rankings;
  for (const auto& list : submission.lists)
    for (const auto& name : list.names)
      rankings[list.query].push_back(rows.at(name));

  const auto& format = *submission.format;
  ScoredQueries scored;
  scored.labels = fmt::format("{} {}", format.name, set.split);
  scored.gallery = set.names.size();
  for (const auto& query : set.queries)
    add_query(scored, query, rankings.at(query.id),
              format.metric == "recall_subset");
  if (std::ranges::all_of(scored.aspects,
                          [](const auto& kinds) { return kinds.empty(); }))
    scored.aspects.clear();
  return scored;
}

}  // namespace igrot::app
