#include "eval/groups.h"

#include <algorithm>

namespace igrot {
namespace {

std::vector<std::string> different(const EvalTask& task,
                                   std::string EvalQuestion::*field) {
  std::vector<std::string> values;
  for (const auto& question : task.questions)
    if (std::ranges::find(values, question.*field) == values.end())
      values.push_back(question.*field);
  return values;
}

/// Appends the group of one split and kind (empty: all), unless it is empty.
void append_group(std::vector<EvalGroup>& groups, const EvalTask& task,
                  const EvalRanking& ranking, const std::string& split,
                  const std::string& kind) {
  std::vector<std::vector<std::size_t>> ranks;
  for (std::size_t q = 0; q < task.questions.size(); ++q) {
    const auto& question = task.questions[q];
    if (question.split == split && (kind.empty() || question.kind == kind))
      ranks.push_back(ranking.ranks[q]);
  }
  if (ranks.empty()) return;
  EvalGroup group{.task = task.name,
                  .split = split,
                  .kind = kind,
                  .method = std::string(name_of(eval_methods, ranking.method)),
                  .questions = ranks.size(),
                  .values = {}};
  std::ranges::transform(
      eval_metrics, group.values.begin(),
      [&](const EvalMetric& metric) { return metric.value(ranks); });
  groups.push_back(std::move(group));
}

}  // namespace

double EvalGroup::value(std::string_view metric) const {
  const auto found = std::ranges::find(eval_metrics, metric, &EvalMetric::name);
  return values.at(static_cast<std::size_t>(found - eval_metrics.begin()));
}

std::string EvalGroup::path() const {
  return task + "/" + split + (kind.empty() ? "" : "/" + kind) + "/" + method;
}

std::vector<EvalGroup> eval_groups(const Evaluation& evaluation) {
  std::vector<EvalGroup> groups;
  for (const auto& ranking : evaluation.rankings) {
    const auto& task = evaluation.tasks[ranking.task];
    auto kinds = different(task, &EvalQuestion::kind);
    std::erase(kinds, "");
    kinds.insert(kinds.begin(), "");
    auto splits = different(task, &EvalQuestion::split);
    std::ranges::sort(splits);
    for (const auto& kind : kinds)
      for (const auto& split : splits)
        append_group(groups, task, ranking, split, kind);
  }
  return groups;
}

}  // namespace igrot
