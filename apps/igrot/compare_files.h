// What `igrot compare` reads: the folders that `igrot eval` writes.
#pragma once

#include <filesystem>
#include <span>

#include "eval/comparison.h"
#include "eval/question_log.h"
#include "output.h"

namespace igrot::app {

struct EvalFolder {
  std::filesystem::path path;
  Json settings;  ///< of result.json
  EvalRun run;    ///< the questions that are judged
};

/// Throws Error: not_found, corrupt, unsupported, io.
EvalFolder read_eval_folder(const std::filesystem::path& folder);

/// The lines of a folder's questions with these numbers (from 0), in that
/// order. Throws Error: as `read_eval_folder`.
std::vector<LoggedQuestion> read_logged_questions(
    const std::filesystem::path& folder, std::span<const std::size_t> lines);

/// A setting that two runs do not have in common; null where one lacks it.
struct SettingChange {
  std::string name;  ///< "preprocess/side"
  Json a;
  Json b;
};

std::vector<SettingChange> setting_changes(const Json& a, const Json& b);

}  // namespace igrot::app
