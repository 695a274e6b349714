// An evaluation without a model: rows are told apart by made-up vectors. Two
// questions are asked of a gallery of three, A, B and C of noto, which score 3,
// 2 and 1. The first is answered by A; the second, whose ranking lacks C, by B.
#pragma once

#include "eval/evaluate.h"
#include "tests/eval/small_benchmark.h"

namespace igrot::test {

inline EvalTask small_task(const SmallBenchmark& benchmark) {
  EvalTask task{.name = "t", .gallery = {}, .questions = {}};
  for (const auto* code : {"A", "B", "C"})
    task.gallery.push_back(benchmark / "noto" / (std::string(code) + ".png"));
  task.questions = {{.picture = benchmark / "line/A.png",
                     .text = "easy",
                     .relevant = {0},
                     .removed = {},
                     .split = "seen",
                     .kinds = {}},
                    {.picture = benchmark / "line/B.png",
                     .text = "<script>hard</script>",
                     .relevant = {1},
                     .removed = {2},
                     .split = "unseen",
                     .kinds = {"tone"}}};
  return task;
}

inline Evaluation small_evaluation(const SmallBenchmark& benchmark) {
  Evaluation evaluation;
  evaluation.tasks.push_back(small_task(benchmark));
  const std::vector<float> asked{1, 0, 1, 0};
  const std::vector<float> rows{3, 0, 2, 0, 1, 0};
  evaluation.rankings.push_back(
      {.task = 0,
       .method = Fusion::transagg,
       .queries = Tensor({2, 2}, asked),
       .gallery = std::make_shared<Tensor>(Shape{3, 2}, rows),
       .values = {std::vector<double>(emoji_metrics().size(), 1),
                  std::vector<double>(emoji_metrics().size(), 0.5)},
       .first = {0, 1},
       .head = {}});
  auto& ranking = evaluation.rankings.front();
  ranking.head =
      heads_of(evaluation.tasks.front().questions, ranking.queries.matrix(),
               ranking.gallery->matrix(), 1);
  evaluation.metrics = emoji_metrics();
  return evaluation;
}

}  // namespace igrot::test
