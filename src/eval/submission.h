// The files that benchmarks' servers judge. Source: method.md 8.
#pragma once

#include "eval/evaluate.h"

namespace igrot {

/// An object: of each question's id the names of the first pictures.
struct SubmissionForm {
  std::string_view file;   ///< "recall", without ".json"
  std::size_t count;       ///< names of a question
  bool of_subset = false;  ///< of the question's subset, not of the gallery
  bool numbers = false;    ///< names are written as numbers
  /// "version" and "metric" that go with the ids; empty: none.
  std::string_view version = {};
  std::string_view metric = {};
};

/// The file's content. The pictures that are removed from a question's ranking
/// are in none of its lists. Nothing where hooks.stage asks to stop.
std::optional<std::string> submission_text(const SubmissionForm& form,
                                           const EvalTask& task,
                                           const EvalRanking& ranking,
                                           const EvalHooks& hooks);

}  // namespace igrot
