// The files that `igrot eval` writes besides its result and its report.
#pragma once

#include "eval/benchmarks.h"

namespace igrot::app {

/// Writes a whole file at once. Throws Error: io.
void write_text(const std::filesystem::path& path, const std::string& text);

/// Every score. Of one ranking: scores.npy and scores.json (what its rows and
/// columns are); of several: scores-TASK-METHOD.npy and scores-TASK.json. False
/// where hooks.stage asks to stop. Throws Error: io.
bool write_scores(const std::filesystem::path& out, const Benchmark& benchmark,
                  const Evaluation& found, const EvalHooks& hooks);

/// What servers judge: FILE.json of the last split and the last method (which
/// is the composed one), SPLIT-METHOD-FILE.json of others, with what differs.
/// Result: the files; nothing where hooks.stage asks to stop. Throws Error: io.
std::optional<std::vector<std::filesystem::path>> write_submissions(
    const std::filesystem::path& out, const Benchmark& benchmark,
    const Evaluation& found, const EvalHooks& hooks);

}  // namespace igrot::app
