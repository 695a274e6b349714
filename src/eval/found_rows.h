// What one question found: the head of its ranking, and its best right answer.
#pragma once

#include <optional>

#include "eval/evaluate.h"
#include "metrics/scores.h"

namespace igrot {

struct FoundRows {
  std::vector<ScoredRow> first;
  /// The right answer that comes first, at place `EvalRanking::first`; nothing
  /// where there is none, or where the task is not judged.
  std::optional<ScoredRow> answer;
};

bool is_right(const EvalQuestion& question, std::size_t row);

/// The first `count` rows of question `q`, at most `head_rows`. ranking: of
/// `task`. Safe from many threads.
FoundRows found_rows(const EvalTask& task, const EvalRanking& ranking,
                     std::size_t q, std::size_t count);

}  // namespace igrot
