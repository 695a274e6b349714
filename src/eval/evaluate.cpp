#include "eval/evaluate.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "base/fail.h"
#include "eval/answer_places.h"
#include "eval/vectors.h"
#include "metrics/first_rows.h"

namespace igrot {
namespace {

// Questions whose places are known at a time: a class may have thousands of
// right answers, and a benchmark a hundred thousand questions.
constexpr std::size_t block_questions = 4096;

std::size_t question_count(const std::vector<EvalTask>& tasks) {
  std::size_t count = 0;
  for (const auto& task : tasks) count += task.questions.size();
  return count;
}

std::vector<double> values_of(const AnswerPlaces& places, EvalMetrics metrics) {
  std::vector<double> values;
  for (const auto& metric : metrics) values.push_back(metric.value(places));
  return values;
}

/// Fills `values`, `first` and `head`; progress(n) tells of n more questions,
/// and returns false to end it.
template <class Tell>
bool judge(EvalRanking& ranking, const EvalTask& task, EvalMetrics metrics,
           std::size_t threads, const Tell& tell) {
  const auto queries = ranking.queries.matrix();
  const auto gallery = ranking.gallery->matrix();
  for (std::size_t begin = 0; begin < task.questions.size();
       begin += block_questions) {
    const auto count = std::min(block_questions, task.questions.size() - begin);
    const auto questions = std::span(task.questions).subspan(begin, count);
    const MatrixView block{queries.row(begin).data(), count, queries.columns};
    if (task.judged)
      for (const auto& places :
           answer_places(questions, block, gallery, threads)) {
        ranking.values.push_back(values_of(places, metrics));
        ranking.first.push_back(places.right.empty() ? unranked
                                                     : places.right.front());
      }
    std::ranges::move(heads_of(questions, block, gallery, threads),
                      std::back_inserter(ranking.head));
    if (!tell(count)) return false;
  }
  return true;
}

}  // namespace

Target target_of(Fusion method, const EvalOptions& options) {
  return method == Fusion::transagg ? options.target : Target::original;
}

std::vector<std::vector<ScoredRow>> heads_of(
    std::span<const EvalQuestion> questions, MatrixView queries,
    MatrixView gallery, std::size_t threads) {
  std::vector<std::vector<std::size_t>> removed;
  for (const auto& question : questions) removed.push_back(question.removed);
  return first_rows(queries, gallery, removed, head_rows, threads);
}

std::optional<Evaluation> evaluate(const Retriever& retriever,
                                   const std::vector<EvalTask>& tasks,
                                   const EvalOptions& options,
                                   const EvalHooks& hooks) {
  EvalVectors vectors(retriever, options, hooks);
  if (!vectors.compute(tasks)) return std::nullopt;
  Evaluation result;
  result.metrics = options.metrics;
  result.missing = vectors.missing();
  for (const auto& task : tasks)
    result.tasks.push_back(without_files(task, result.missing));
  const auto asked = question_count(result.tasks);
  if (asked == 0)
    fail(ErrorKind::usage, "no question is left to ask: {} pictures missing",
         result.missing.size());
  result.left_out = question_count(tasks) - asked;

  const auto total = asked * options.methods.size();
  std::size_t done = 0;
  const auto tell = [&](std::size_t questions) {
    done += questions;
    return !hooks.stage || hooks.stage("ranking", done, total);
  };
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
                          .values = {},
                          .first = {},
                          .head = {}};
      if (!judge(ranking, task, options.metrics, hooks.runtime.thread_count(),
                 tell))
        return std::nullopt;
      result.rankings.push_back(std::move(ranking));
    }
  }
  return result;
}

}  // namespace igrot
