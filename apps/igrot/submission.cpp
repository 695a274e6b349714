#include "submission.h"

#include <algorithm>

#include "base/fail.h"
#include "submission_checks.h"

namespace igrot::app {
namespace {

/// Throws Error: usage.
void check_options(const SubmissionOptions& options) {
  if (options.benchmark.empty()) return;
  if (std::ranges::find(submission_splits, options.benchmark,
                        &SubmissionSplit::benchmark) == submission_splits.end())
    fail(ErrorKind::usage, "--as is '{}', expected cirr or circo",
         options.benchmark);
}

/// The split of that name, or the one that the server scores.
const SubmissionSplit& split_of(const SubmissionFormat& format,
                                const std::string& name) {
  std::string known;
  for (const auto& split : submission_splits) {
    if (split.benchmark != format.benchmark) continue;
    if (name.empty() || split.name == name) return split;
    known += (known.empty() ? "" : " or ") + std::string(split.name);
  }
  fail(ErrorKind::usage, "--split is '{}', {} has {}", name, format.benchmark,
       known);
}

void check_size(const Submission& submission, Findings& findings) {
  const auto limit = submission.format->limit_bytes;
  if (limit > 0 && submission.size_bytes > limit)
    findings.add(Fault::too_large,
                 fmt::format("the file has {} bytes, the server takes {}",
                             submission.size_bytes, limit));
}

}  // namespace

Submission check_submission(const std::filesystem::path& path,
                            const SubmissionOptions& options,
                            Findings& findings) {
  check_options(options);
  const auto file = read_submission_file(path, findings);
  Submission submission;
  submission.size_bytes = file.size_bytes;
  if (!findings.empty() && file.entries.empty()) return submission;
  submission.format = recognise_submission(file, options.benchmark, findings);
  if (!submission.format) return submission;
  submission.split = &split_of(*submission.format, options.split);
  check_size(submission, findings);
  submission.lists =
      take_lists(file, *submission.format, *submission.split, findings);
  if (options.root.empty()) {
    check_without_set(submission, findings);
  } else {
    const auto sets =
        read_retrieval_sets(find_retrieval_source(submission.split->benchmark),
                            options.root, submission.split->name);
    check_against_set(submission, sets.at(0), findings);
  }
  return submission;
}

}  // namespace igrot::app
