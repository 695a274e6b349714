// Rankings of others, and what is right in them, as metrics take them.
#pragma once

#include <functional>
#include <optional>

#include "label_file.h"
#include "submission.h"

namespace igrot::app {

/// Where the answers of each query came out; 0 is first.
struct ScoredQueries {
  std::string labels;  ///< what was right: a name of `label_kinds`, or a set's
  std::optional<std::size_t> gallery;  ///< rows, where known
  std::size_t depth = 0;               ///< length of the longest ranking
  std::vector<Rows> ranks;
  /// The same of the answer that was meant (the first one named), where a
  /// query has several and their order tells; else empty.
  std::vector<Rows> target_ranks;
  /// The same in the ranking of a query's subset; empty without subsets.
  std::vector<Rows> subset_ranks;
  /// CIRCO's aspects of each query; empty where there are none.
  std::vector<std::vector<std::string>> aspects;
  std::size_t not_numbers = 0;  ///< scores that were left out
};

/// Files beside the rankings.
struct LabelFiles {
  std::string labels;
  std::string gallery_labels;  ///< empty: none
  std::string removed;         ///< rows left out of a query's ranking
  std::string subset;          ///< rows of a query's smaller ranking
  LabelKind kind = LabelKind::automatic;
};

/// Returning false ends the work.
using Progress = std::function<bool(std::size_t done, std::size_t total)>;

/// scores: npy [Q, G], higher is better; one row is held at a time. Nothing
/// where `progress` says so. Throws Error: usage, not_found, corrupt,
/// unsupported, io.
std::optional<ScoredQueries> score_matrix(const std::filesystem::path& scores,
                                          const LabelFiles& files,
                                          const Progress& progress);

/// rankings: npy [Q, K], rows of the gallery from best to worst, -1 is none.
ScoredQueries score_rankings(const std::filesystem::path& rankings,
                             const LabelFiles& files);

/// A submission's lists against a split whose answers are known. Throws Error:
/// usage, not_found, corrupt (whatever `check_submission` finds but own
/// pictures), io.
ScoredQueries score_submission(const std::filesystem::path& file,
                               const SubmissionOptions& options);

}  // namespace igrot::app
