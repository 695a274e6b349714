#include "eval/found_rows.h"

#include <algorithm>
#include <cmath>

namespace igrot {
namespace {

bool is_better(const ScoredRow& row, const std::optional<ScoredRow>& best) {
  if (!best || std::isnan(best->score)) return !best || !std::isnan(row.score);
  return !std::isnan(row.score) && comes_before(row, *best);
}

std::optional<ScoredRow> best_answer(const EvalQuestion& question,
                                     std::span<const float> query,
                                     MatrixView gallery) {
  std::optional<ScoredRow> best;
  for (const auto row : question.relevant) {
    if (std::ranges::find(question.removed, row) != question.removed.end())
      continue;
    const ScoredRow answer{ranking_score(query, gallery.row(row)), row};
    if (is_better(answer, best)) best = answer;
  }
  return best;
}

}  // namespace

bool is_right(const EvalQuestion& question, std::size_t row) {
  return std::ranges::find(question.relevant, row) != question.relevant.end();
}

FoundRows found_rows(const EvalTask& task, const EvalRanking& ranking,
                     std::size_t q, std::size_t count) {
  const auto& question = task.questions[q];
  const auto query = ranking.queries.matrix().row(q);
  const auto gallery = ranking.gallery->matrix();
  const std::span head(ranking.head[q]);
  const auto first = head.first(std::min(count, head.size()));
  FoundRows found{{first.begin(), first.end()}, {}};
  if (task.judged) found.answer = best_answer(question, query, gallery);
  return found;
}

}  // namespace igrot
