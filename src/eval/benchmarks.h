// What `igrot eval` can be asked for, a row each.
#pragma once

#include <functional>

#include "eval/submission.h"
#include "eval/tables.h"
#include "igrot/settings.h"

namespace igrot {

/// What a score file holds (`--scores`).
enum class ScoreRows {
  plain,
  unit,  ///< each row of scores divided by its length, as the reference's DTIN
};

struct Benchmark {
  std::string_view name;  ///< "emoji-cir"
  std::string_view what;  ///< one line for people

  /// The words of a question; "{}" stands for those that are its own.
  std::string_view prompt;
  std::string_view joint = {};  ///< between several words of a question's own
  bool lower_case = false;      ///< of a question's own words

  /// How a model without a trained fusion is asked.
  Fusion untrained;
  float union_share = 0;     ///< `EvalOptions::union_share`
  bool removes_own = false;  ///< the asked picture leaves its ranking
  EvalMetrics (*metrics)();
  /// What the reference prints; null: `main_table`.
  const ReferenceTable* table = nullptr;
  std::span<const EvalColumn> kind_columns = {};
  ScoreRows score_rows = ScoreRows::plain;
  std::span<const SubmissionForm> submissions = {};

  /// Splits that are read apart; of none where one reading has them all.
  std::span<const std::string_view> (*splits)(const Benchmark& benchmark);
  /// The tasks of one of `splits`, or all there are.
  std::vector<EvalTask> (*read)(const Benchmark& benchmark,
                                const std::filesystem::path& root,
                                std::string_view split);
};

std::span<const Benchmark> benchmarks();

/// Throws Error: usage (no such name; it lists the known ones).
const Benchmark& find_benchmark(std::string_view name);

inline constexpr std::string_view all_splits = "all";

struct TaskChoice {
  std::string split{all_splits};
  std::size_t limit = 0;  ///< of questions of a task, evenly spread; 0: none
};

/// The tasks of a benchmark. Of `all_splits` those whose lists are not there
/// are told to `warn` and left out, unless none is there. Throws Error: usage
/// (no such split, no question), not_found, corrupt, unsupported, io.
std::vector<EvalTask> read_tasks(
    const Benchmark& benchmark, const std::filesystem::path& root,
    const TaskChoice& choice,
    const std::function<void(std::string_view)>& warn = {});

}  // namespace igrot
