// One evaluation from its order to its files: what `igrot eval` runs, and who
// runs several.
#pragma once

#include "eval_settings.h"
#include "session.h"

namespace igrot::app {

/// Choices are names of the command line.
struct EvalOrder {
  std::string name;  ///< of the benchmark
  EvalRequest request;
  std::optional<std::filesystem::path> model;  ///< unset: as the session says
  std::string target = "auto";
  std::string mask = "auto";
  std::string sum_convention = "eval";
  std::string precision = "f32";
  bool ablate = false;
  bool scores = false;
  std::size_t report_questions = 24;  ///< on the page, of each ranking
  std::filesystem::path out;
};

struct EvalOutcome {
  Json document;     ///< what result.json holds
  std::string text;  ///< the same for people, and the files that were written
  std::string markdown;     ///< what table.md holds
  std::string csv;          ///< what table.csv holds
  std::size_t missing = 0;  ///< pictures that cannot be read
};

/// Evaluates and writes result.json, its tables, questions.jsonl, report.html
/// and submissions into `order.out`. Nothing when the user wants it ended.
/// Throws Error.
std::optional<EvalOutcome> run_eval(const EvalOrder& order, Session& session);

}  // namespace igrot::app
