// Where the answers of questions come out when a gallery is ranked.
#pragma once

#include "eval/question_metrics.h"
#include "eval/task.h"

namespace igrot {

/// queries: a row for each of the questions; gallery: [G, d]. Without a
/// `target` the right answer that comes first is the one that was meant. Memory
/// grows with the lists of the questions, not with the scores. Throws Error: as
/// `relevant_ranks`.
std::vector<AnswerPlaces> answer_places(std::span<const EvalQuestion> questions,
                                        MatrixView queries, MatrixView gallery,
                                        std::size_t threads);

}  // namespace igrot
