// A model is asked a benchmark's questions, in one or several ways.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>

#include "eval/question_metrics.h"
#include "eval/task.h"
#include "igrot/retriever.h"
#include "metrics/scores.h"

namespace igrot {

/// The ways to ask: `image`, `text` and `sum` (method.md 10) of vectors
/// `Target::original`; `composed` by the trained fusion, of vectors of the
/// target that is chosen.
inline constexpr std::array eval_methods{
    Named{Fusion::image, "image"}, Named{Fusion::text, "text"},
    Named{Fusion::sum, "sum"}, Named{Fusion::transagg, "composed"}};

struct EvalOptions {
  std::vector<Fusion> methods;  ///< of `eval_methods`
  Target target = Target::original;
  SumConvention convention = SumConvention::eval;
  Mask mask = Mask::automatic;
  /// How much of U(picture, text) is added to a composed query before it is
  /// brought to length 1 again; nothing is added by a model without that head.
  float union_share = 0;
  EvalMetrics metrics = emoji_metrics();
};

/// Which vector stands for a gallery picture when that method asks.
Target target_of(Fusion method, const EvalOptions& options);

/// Where an evaluation keeps vectors for the next one.
struct EvalCache {
  std::filesystem::path folder;
  std::string computed_by;  ///< what else the numbers depend on, such as "dnnl"
};

struct EvalHooks {
  Runtime runtime;
  std::optional<EvalCache> cache = {};
  /// Called during long work. Returning false ends the evaluation.
  std::function<bool(std::string_view doing, std::size_t done,
                     std::size_t total)>
      stage;
};

/// How much of a ranking is kept: what pages, logs and servers want.
inline constexpr std::size_t head_rows = 50;

/// The first `head_rows` rows of each question's ranking. queries: [Q, d];
/// gallery: [G, d].
std::vector<std::vector<ScoredRow>> heads_of(
    std::span<const EvalQuestion> questions, MatrixView queries,
    MatrixView gallery, std::size_t threads);

/// One task asked in one way.
struct EvalRanking {
  std::size_t task = 0;  ///< index into `Evaluation::tasks`
  Fusion method = Fusion::image;
  Tensor queries;                         ///< [Q, d] unit rows
  std::shared_ptr<const Tensor> gallery;  ///< [G, d]
  /// Of every question, each of `Evaluation::metrics`, 0 to 1; empty where the
  /// task is not judged, as `first`.
  std::vector<std::vector<double>> values;
  std::vector<std::size_t> first;  ///< place of the first right answer
  std::vector<std::vector<ScoredRow>> head;  ///< `heads_of` every question
};

struct Evaluation {
  std::vector<EvalTask> tasks;  ///< as asked: without what cannot be read
  std::set<std::filesystem::path> missing;  ///< pictures that cannot be read
  std::size_t left_out = 0;                 ///< questions lost to them
  std::vector<EvalRanking> rankings;        ///< task after task
  EvalMetrics metrics;
};

/// Rankings of every task by every method. All tasks have one picture recipe. A
/// picture is read and encoded once for each kind of vector, whatever the
/// number of methods and tasks. Gallery vectors become unit vectors, but for
/// `Target::sum` by `SumConvention::train`, which leaves its sums as they are.
/// Pictures that cannot be read are left out with a warning each. Nothing where
/// hooks.stage asks to stop. Throws Error: usage (a part the model lacks, no
/// question left).
std::optional<Evaluation> evaluate(const Retriever& retriever,
                                   const std::vector<EvalTask>& tasks,
                                   const EvalOptions& options,
                                   const EvalHooks& hooks);

}  // namespace igrot
