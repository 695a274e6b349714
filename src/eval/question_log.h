// Every question of an evaluation with what it found, a line each: what other
// programs read, and what two runs are compared by.
// Format: docs/evaluation.md, questions.jsonl.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "eval/evaluate.h"

namespace igrot {

inline constexpr std::size_t logged_hits = 10;

struct LoggedHit {
  std::string picture;
  double score = 0;
  bool right = false;
};

/// One line.
struct LoggedQuestion {
  std::string task;
  std::string split;
  std::string method;
  std::string id;       ///< no other question of the task has it
  std::string picture;  ///< relative to the benchmark's root where below it
  std::string text;
  std::vector<std::string> kinds;
  std::optional<std::size_t>
      first;           ///< place of the first right answer, from 1
  std::string answer;  ///< that answer's picture, or empty
  /// 0 to 1, by the metric's name; not a number where it does not count.
  std::vector<std::pair<std::string, double>> values;
  std::vector<LoggedHit> hits;
};

/// The id of every question of a task: its own, else its picture and its words;
/// what comes again gets " #2". root: the benchmark's folder.
std::vector<std::string> question_ids(const EvalTask& task,
                                      const std::filesystem::path& root);

/// Writes a line for each question and ranking, ranking after ranking. Memory
/// does not grow with the number of questions. False where hooks.stage asks to
/// stop; the file is then not there. Throws Error: io.
bool write_question_log(const std::filesystem::path& file,
                        const std::filesystem::path& root,
                        const Evaluation& evaluation, const EvalHooks& hooks);

/// Reads one line. Throws Error: corrupt.
LoggedQuestion logged_question(std::string_view line);

}  // namespace igrot
