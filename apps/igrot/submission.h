// Submissions to the servers of CIRR and CIRCO, and what is wrong with them.
#pragma once

#include <array>
#include <string_view>

#include "data/retrieval_set.h"
#include "submission_file.h"

namespace igrot::app {

/// A split that a file can be for.
struct SubmissionSplit {
  std::string_view benchmark;  ///< "cirr": a name of `retrieval_sources`
  std::string_view name;       ///< "test1"
  std::size_t queries = 0;
  std::string_view prefix;  ///< what names of its pictures begin with
};

/// The splits that the servers score come first.
inline constexpr std::array submission_splits{
    SubmissionSplit{"cirr", "test1", 4148, "test1-"},
    SubmissionSplit{"cirr", "val", 4181, "dev-"},
    SubmissionSplit{"circo", "test", 800, ""},
    SubmissionSplit{"circo", "val", 220, ""}};

/// One row a kind of file.
struct SubmissionFormat {
  std::string_view name;       ///< "cirr recall"
  std::string_view benchmark;  ///< of `submission_splits`
  std::string_view metric;     ///< what the file's "metric" says, if it has one
  std::size_t names = 0;       ///< of a query
  std::uint64_t limit_bytes = 0;  ///< that the server takes; 0: not known
};

inline constexpr std::array submission_formats{
    SubmissionFormat{"cirr recall", "cirr", "recall", 50, 5'000'000},
    SubmissionFormat{"cirr recall_subset", "cirr", "recall_subset", 3,
                     5'000'000},
    SubmissionFormat{"circo", "circo", "", 50, 0}};

/// A query and its list.
struct SubmittedList {
  std::string query;
  std::size_t length = 0;          ///< of the list, whatever stands in it
  std::vector<std::string> names;  ///< those that can be one; numbers as text
};

struct Submission {
  std::uint64_t size_bytes = 0;
  const SubmissionFormat* format = nullptr;  ///< null: not recognised
  const SubmissionSplit* split = nullptr;    ///< null with the format
  std::vector<SubmittedList> lists;
};

struct SubmissionOptions {
  std::string benchmark;       ///< "cirr", "circo"; empty: by content
  std::string split;           ///< empty: the one that the server scores
  std::filesystem::path root;  ///< of the data set; empty: do without
};

/// Reads a file and adds whatever is wrong with it to `findings`. Throws Error:
/// usage (no such benchmark or split), not_found, corrupt (the data set), io.
Submission check_submission(const std::filesystem::path& path,
                            const SubmissionOptions& options,
                            Findings& findings);

}  // namespace igrot::app
