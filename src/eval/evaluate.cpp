#include "eval/evaluate.h"

#include <map>

#include "base/fail.h"
#include "eval/vectors.h"
#include "metrics/relevant_ranks.h"

namespace igrot {
namespace {

std::vector<std::vector<std::size_t>> lists_of(
    const EvalTask& task, std::vector<std::size_t> EvalQuestion::*rows) {
  std::vector<std::vector<std::size_t>> lists;
  for (const auto& question : task.questions) lists.push_back(question.*rows);
  return lists;
}

std::size_t question_count(const std::vector<EvalTask>& tasks) {
  std::size_t count = 0;
  for (const auto& task : tasks) count += task.questions.size();
  return count;
}

std::vector<std::vector<std::size_t>> ranks_of(const EvalRanking& ranking,
                                               const EvalTask& task,
                                               std::size_t threads) {
  return relevant_ranks(ranking.queries.matrix(), ranking.gallery->matrix(),
                        lists_of(task, &EvalQuestion::relevant),
                        lists_of(task, &EvalQuestion::removed), threads);
}

}  // namespace

Target target_of(Fusion method, const EvalOptions& options) {
  return method == Fusion::transagg ? options.target : Target::original;
}

std::optional<Evaluation> evaluate(const Retriever& retriever,
                                   const std::vector<EvalTask>& tasks,
                                   const EvalOptions& options,
                                   const EvalHooks& hooks) {
  EvalVectors vectors(retriever, options, hooks);
  if (!vectors.compute(tasks)) return std::nullopt;
  Evaluation result;
  result.missing = vectors.missing();
  for (const auto& task : tasks)
    result.tasks.push_back(without_files(task, result.missing));
  if (question_count(result.tasks) == 0)
    fail(ErrorKind::usage, "no question is left to ask: {} pictures missing",
         result.missing.size());
  result.left_out = question_count(tasks) - question_count(result.tasks);

  const auto total = tasks.size() * options.methods.size();
  for (std::size_t t = 0; t < tasks.size(); ++t) {
    const auto& task = result.tasks[t];
    std::map<Target, std::shared_ptr<const Tensor>> galleries;
    for (const auto method : options.methods) {
      auto& gallery = galleries[target_of(method, options)];
      if (!gallery)
        gallery = std::make_shared<Tensor>(vectors.gallery(task, method));
      EvalRanking ranking{.task = t,
                          .method = method,
                          .queries = vectors.queries(task, method),
                          .gallery = gallery,
                          .ranks = {}};
      ranking.ranks = ranks_of(ranking, task, hooks.runtime.thread_count());
      result.rankings.push_back(std::move(ranking));
      if (hooks.stage && !hooks.stage("ranking", result.rankings.size(), total))
        return std::nullopt;
    }
  }
  return result;
}

}  // namespace igrot
