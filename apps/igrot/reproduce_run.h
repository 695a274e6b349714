// The evaluations behind the rows: what each needs, what is there, what came of
// it.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "eval_run.h"
#include "reproduce_rows.h"

namespace igrot::app {

/// Folders of one call.
struct ReproducePlaces {
  std::filesystem::path weights;
  std::filesystem::path data;
  std::filesystem::path out;
};

enum class RunState {
  lacking,  ///< weights or data are not there, or not whole
  ready,    ///< may be run
  done,     ///< its result is there and fits
  failed,
};

/// One evaluation; several rows may be read from it.
struct ReproduceRun {
  std::string name;  ///< "union-blip-fashioniq", its folder's too
  std::string_view benchmark;
  const ReproduceWeights* weights = nullptr;
  bool ablate = false;
  std::optional<std::filesystem::path> model;  ///< where they are
  std::optional<std::filesystem::path> root;   ///< where the benchmark is
  std::filesystem::path out;
  RunState state = RunState::lacking;
  std::string reason;            ///< of `lacking`
  std::optional<Error> failure;  ///< of `failed`
  /// Null, or what result.json holds: of `lacking` that of an earlier time.
  Json result;
};

/// A row and the run that gives its two figures.
struct ReproduceRow {
  const PublishedMethod* method = nullptr;
  std::size_t first_column = 0;  ///< of its two in the table
  std::string name;              ///< "union-blip-fashioniq", "clip-l-sum-cirr"
  std::optional<std::size_t> run;  ///< none: igrot does not run it
};

struct ReproducePlan {
  std::vector<ReproduceRow> rows;
  std::vector<ReproduceRun> runs;
};

/// The rows whose name matches `only` (a part of it, or a pattern with * and
/// ?), with those igrot does not run where `all` asks for them. Looks for
/// weights and data, and reads results that are there. limit: of questions a
/// task, 0: all; such runs have folders of their own. Throws Error: usage (no
/// row matches).
ReproducePlan plan_reproduction(const ReproducePlaces& places,
                                const std::string& only, bool all,
                                std::size_t limit, Session& session);

/// Evaluates into the run's folder. False when the user wants it ended. What
/// goes wrong is the run's `failure`.
bool run_one(ReproduceRun& run, std::size_t limit, Session& session);

}  // namespace igrot::app
