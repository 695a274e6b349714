// The checks of a submission, one after the other.
#pragma once

#include "submission.h"

namespace igrot::app {

/// The kind of file, from what it holds; null where nothing tells. Checks the
/// keys that are no queries.
const SubmissionFormat* recognise_submission(const SubmissionFile& file,
                                             const std::string& benchmark,
                                             Findings& findings);

/// Whether the key is not a query's: CIRR's "version" and "metric".
bool is_head_key(std::string_view key);

/// The lists of a file; what stands in them is checked name by name.
std::vector<SubmittedList> take_lists(const SubmissionFile& file,
                                      const SubmissionFormat& format,
                                      const SubmissionSplit& split,
                                      Findings& findings);

/// What can be told without the data set: how many queries, which numbers, how
/// many names.
void check_without_set(const Submission& submission, Findings& findings);

/// Queries, pictures, own pictures and subsets, held against the data set.
void check_against_set(const Submission& submission, const RetrievalSet& set,
                       Findings& findings);

}  // namespace igrot::app
