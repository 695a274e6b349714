#include "eval/groups.h"

#include <algorithm>

namespace igrot {
namespace {

void add_new(std::vector<std::string>& values, const std::string& value) {
  if (std::ranges::find(values, value) == values.end()) values.push_back(value);
}

std::vector<std::string> splits_of(const EvalTask& task) {
  std::vector<std::string> splits;
  for (const auto& question : task.questions) add_new(splits, question.split);
  std::ranges::sort(splits);
  return splits;
}

/// As they first appear, behind "" for all.
std::vector<std::string> kinds_of(const EvalTask& task) {
  std::vector<std::string> kinds{""};
  for (const auto& question : task.questions)
    for (const auto& kind : question.kinds) add_new(kinds, kind);
  return kinds;
}

bool is_of(const EvalQuestion& question, const std::string& split,
           const std::string& kind) {
  return question.split == split &&
         (kind.empty() ||
          std::ranges::find(question.kinds, kind) != question.kinds.end());
}

/// The group of one split and kind (empty: all), without questions where none
/// is.
EvalGroup group_of(const Evaluation& evaluation, const EvalRanking& ranking,
                   const std::string& split, const std::string& kind) {
  const auto& task = evaluation.tasks[ranking.task];
  EvalGroup group{.task = task.name,
                  .split = split,
                  .kind = kind,
                  .method = std::string(name_of(eval_methods, ranking.method)),
                  .questions = 0,
                  .metrics = evaluation.metrics,
                  .values = {},
                  .printed = {}};
  std::vector<std::size_t> members;
  for (std::size_t q = 0; q < task.questions.size(); ++q)
    if (is_of(task.questions[q], split, kind)) members.push_back(q);
  group.questions = members.size();
  for (std::size_t m = 0; m < evaluation.metrics.size(); ++m) {
    std::vector<double> values;
    for (const auto q : members) values.push_back(ranking.values[q][m]);
    group.values.push_back(mean_percent(values));
    group.printed.push_back(printed_percent(evaluation.metrics[m], values));
  }
  return group;
}

std::size_t place_of(EvalMetrics metrics, std::string_view name) {
  const auto found = std::ranges::find(metrics, name, &EvalMetric::name);
  return static_cast<std::size_t>(found - metrics.begin());
}

}  // namespace

double EvalGroup::value(std::string_view metric) const {
  return values.at(place_of(metrics, metric));
}

double EvalGroup::printed_value(std::string_view metric) const {
  return printed.at(place_of(metrics, metric));
}

std::string EvalGroup::path() const {
  return (task == split ? "" : task + "/") + split +
         (kind.empty() ? "" : "/" + kind) + "/" + method;
}

std::vector<EvalGroup> eval_groups(const Evaluation& evaluation) {
  std::vector<EvalGroup> groups;
  for (const auto& ranking : evaluation.rankings) {
    const auto& task = evaluation.tasks[ranking.task];
    if (!task.judged) continue;
    for (const auto& kind : kinds_of(task))
      for (const auto& split : splits_of(task)) {
        auto group = group_of(evaluation, ranking, split, kind);
        if (group.questions > 0) groups.push_back(std::move(group));
      }
  }
  return groups;
}

}  // namespace igrot
