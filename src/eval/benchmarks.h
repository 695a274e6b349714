// What `igrot eval` can be asked for, a row each.
#pragma once

#include <functional>

#include "data/described_set.h"
#include "eval/submission.h"
#include "eval/tables.h"
#include "igrot/settings.h"

namespace igrot {

/// What a score file holds (`--scores`).
enum class ScoreRows {
  plain,
  unit,  ///< each row of scores divided by its length, as the reference's DTIN
};

/// Which of a question's own words are said, and how.
enum class Words {
  as_listed,
  stripped,  ///< each without . ? , and blanks at its ends
  reversed,  ///< the last first
  both,      ///< stripped, as listed and reversed: two questions in one
  last,      ///< the last alone
};

/// Which pictures of a gallery's list take part.
enum class GalleryPart {
  whole,
  asked,  ///< those that a question shows or asks for
};

struct Benchmark {
  std::string_view name;  ///< "emoji-cir"
  std::string_view what;  ///< one line for people

  /// The words of a question; "{}" stands for those that are its own.
  std::string_view prompt;
  std::string_view joint = {};  ///< between several words of a question's own
  Words words = Words::as_listed;
  bool lower_case = false;  ///< of a question's own words

  /// How a model without a trained fusion is asked.
  Fusion untrained;
  float union_share = 0;     ///< `EvalOptions::union_share`
  bool removes_own = false;  ///< the asked picture leaves its ranking
  GalleryPart gallery = GalleryPart::whole;
  EvalMetrics (*metrics)();
  /// What the reference prints; null: `main_table`.
  const ReferenceTable* table = nullptr;
  std::span<const EvalColumn> kind_columns = {};
  ScoreRows score_rows = ScoreRows::plain;
  std::span<const SubmissionForm> submissions = {};
  /// The file's content where one describes the set; null: a field's set.
  const DescribedSet* described = nullptr;

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

/// Metrics that go together, and the tables of the main ones.
struct MetricFamily {
  std::string_view name;  ///< "recall"
  EvalMetrics (*metrics)();
  const ReferenceTable* table;
  std::span<const EvalColumn> kind_columns;
};

/// What a set of one's own can be measured with.
std::span<const MetricFamily> metric_families();

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
