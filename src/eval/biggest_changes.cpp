#include "eval/biggest_changes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace igrot {
namespace {

constexpr std::array chief_metrics{"mAP", "mAP@10", "R@10"};

/// How far the first right answer moved to the front, in powers of e.
double moved_forward(const RunQuestion& a, const RunQuestion& b) {
  const auto depth = [](const RunQuestion& question) {
    return question.first ? std::log(static_cast<double>(*question.first))
                          : std::numeric_limits<double>::max();
  };
  return depth(a) - depth(b);
}

}  // namespace

std::string chief_metric(const EvalRun& run) {
  for (const auto* name : chief_metrics)
    if (std::ranges::find(run.metrics, name) != run.metrics.end()) return name;
  return run.metrics.empty() ? "" : run.metrics.front();
}

BiggestChanges biggest_changes(const EvalRun& a, const EvalRun& b,
                               const Comparison& comparison,
                               std::string_view metric, std::size_t count) {
  const auto of_a = a.metric_place(metric);
  const auto of_b = b.metric_place(metric);
  using Change = std::pair<std::pair<double, double>, ChangedQuestion>;
  std::vector<Change> changes;
  for (const auto& group : comparison.groups) {
    if (group.whole) continue;
    for (const auto& [i, j] : group.pairs) {
      const auto difference =
          b.questions[j].values[of_b] - a.questions[i].values[of_a];
      if (!std::isnan(difference))
        changes.push_back(
            {{difference, moved_forward(a.questions[i], b.questions[j])},
             {i, j, difference}});
    }
  }
  std::ranges::stable_sort(changes, std::ranges::greater(), &Change::first);
  BiggestChanges biggest;
  constexpr std::pair<double, double> no_change{0, 0};
  for (auto change = changes.begin();
       change != changes.end() && biggest.wins.size() < count &&
       change->first > no_change;
       ++change)
    biggest.wins.push_back(change->second);
  for (auto change = changes.rbegin();
       change != changes.rend() && biggest.losses.size() < count &&
       change->first < no_change;
       ++change)
    biggest.losses.push_back(change->second);
  return biggest;
}

}  // namespace igrot
