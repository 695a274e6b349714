// What a submission lacks or has too much of, with and without the data set.
#include <algorithm>
#include <map>
#include <set>

#include "base/fail.h"
#include "submission_checks.h"
#include "terminal.h"

namespace igrot::app {
namespace {

void check_length(const SubmittedList& list, std::size_t wanted,
                  Findings& findings) {
  const auto count = list.length;
  if (count == wanted) return;
  const auto fault = count == 0       ? Fault::no_names
                     : count < wanted ? Fault::too_few_names
                                      : Fault::too_many_names;
  findings.add(fault, fmt::format("query {} has {} names, expected {}",
                                  list.query, count, wanted));
}

void check_same(const std::vector<SubmittedList>& lists, Findings& findings) {
  if (lists.size() < 2 || lists.front().names.empty()) return;
  if (std::ranges::all_of(lists, [&](const SubmittedList& list) {
        return list.names == lists.front().names;
      }))
    findings.add(
        Fault::same_everywhere,
        fmt::format("all {} queries have the same list", lists.size()));
}

/// Queries that are there and those that should be. `wanted`: in their order.
void check_queries(const std::vector<SubmittedList>& lists,
                   const std::vector<std::string>& wanted, Findings& findings) {
  std::set<std::string, std::less<>> known(wanted.begin(), wanted.end());
  std::set<std::string, std::less<>> there;
  for (const auto& list : lists) {
    there.insert(list.query);
    if (!known.contains(list.query))
      findings.add(Fault::unknown_query,
                   fmt::format("query {} is not in the split", list.query));
  }
  for (const auto& query : wanted)
    if (!there.contains(query))
      findings.add(Fault::missing_query,
                   fmt::format("query {} is missing", query));
}

/// The other split of the benchmark that has so many queries.
const SubmissionSplit* split_with(const SubmissionSplit& split,
                                  std::size_t queries) {
  for (const auto& other : submission_splits)
    if (other.benchmark == split.benchmark && other.name != split.name &&
        other.queries == queries)
      return &other;
  return nullptr;
}

void check_count(const Submission& submission, Findings& findings) {
  const auto& split = *submission.split;
  const auto count = submission.lists.size();
  if (count == split.queries) return;
  const auto sentence =
      fmt::format("the file has {} queries, {} of {} has {}", count, split.name,
                  split.benchmark, split.queries);
  if (const auto* other = split_with(split, count))
    findings.add(Fault::other_split,
                 fmt::format("{}; so many has {}", sentence, other->name));
  else
    findings.add(count < split.queries ? Fault::too_few_queries
                                       : Fault::too_many_queries,
                 sentence);
}

std::vector<std::string> numbers_below(std::size_t end) {
  std::vector<std::string> numbers;
  for (std::size_t i = 0; i < end; ++i) numbers.push_back(std::to_string(i));
  return numbers;
}

/// The data set, looked up by name.
class Truth {
 public:
  explicit Truth(const RetrievalSet& set)
      : set_(set), names_(set.names.begin(), set.names.end()) {
    for (const auto& query : set.queries) queries_.emplace(query.id, &query);
  }

  const RetrievalQuery* query(const std::string& id) const {
    const auto found = queries_.find(id);
    return found == queries_.end() ? nullptr : found->second;
  }
  bool has_picture(const std::string& name) const {
    return names_.contains(name);
  }
  const std::string& name(std::size_t row) const { return set_.names[row]; }
  std::vector<std::string> query_ids() const {
    std::vector<std::string> ids;
    for (const auto& query : set_.queries) ids.push_back(query.id);
    return ids;
  }
  /// Pictures that a query can be answered with.
  std::size_t answers(const RetrievalQuery& query, bool in_subset) const {
    const auto all = in_subset ? query.subset.size() : set_.names.size();
    return all - (query.own && all > 0 ? 1 : 0);
  }

 private:
  const RetrievalSet& set_;
  std::set<std::string> names_;
  std::map<std::string, const RetrievalQuery*> queries_;
};

void check_pictures(const SubmittedList& list, const RetrievalQuery& query,
                    const Truth& truth, bool in_subset, Findings& findings) {
  std::set<std::string> members;
  for (const auto row : query.subset) members.insert(truth.name(row));
  for (const auto& name : list.names) {
    const auto say = [&](Fault fault, std::string_view is) {
      findings.add(fault, fmt::format("query {} names {}, which is {}",
                                      list.query, printable(name), is));
    };
    if (!truth.has_picture(name))
      say(Fault::unknown_picture, "not in the gallery");
    else if (query.own && truth.name(*query.own) == name)
      say(Fault::own_picture, "the query's own picture");
    else if (in_subset && !members.contains(name))
      say(Fault::outside_subset, "not in the query's subset");
  }
}

}  // namespace

void check_without_set(const Submission& submission, Findings& findings) {
  check_count(submission, findings);
  if (submission.split->benchmark == "circo" &&
      !findings.has(Fault::other_split))
    check_queries(submission.lists, numbers_below(submission.split->queries),
                  findings);
  for (const auto& list : submission.lists)
    check_length(list, submission.format->names, findings);
  check_same(submission.lists, findings);
}

void check_against_set(const Submission& submission, const RetrievalSet& set,
                       Findings& findings) {
  const Truth truth(set);
  const bool in_subset = submission.format->metric == "recall_subset";
  check_queries(submission.lists, truth.query_ids(), findings);
  for (const auto& list : submission.lists) {
    const auto* query = truth.query(list.query);
    if (!query) continue;
    check_length(
        list,
        std::min(submission.format->names, truth.answers(*query, in_subset)),
        findings);
    check_pictures(list, *query, truth, in_subset, findings);
  }
  check_same(submission.lists, findings);
}

}  // namespace igrot::app
