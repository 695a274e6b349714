// Scoring a checkpoint that a run has just written, as whoever opens it would
// see it. Source: method.md 7.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "data/validation_set.h"
#include "train/samples.h"
#include "train/training.h"

namespace igrot {

/// The validation set of a configuration; nothing without [validation]. Throws
/// Error: usage (unknown name), and as reading data.
std::optional<ValidationSet> read_validation(const TrainConfig& config);

struct ValidationResult {
  double score = 0;                       ///< by the configured metric
  std::map<std::size_t, double> recalls;  ///< at 1, 5, 10, 50, 100
  std::size_t skipped = 0;                ///< pictures that cannot be read
};

/// Ranks the gallery for every query. Queries with an unreadable picture are
/// left out, gallery pictures likewise, each with a warning. A model without
/// fusion adds picture and words (method.md 10, `sum`). Nothing where
/// hooks.stage asks to stop. Throws Error: usage (no query is left).
std::optional<ValidationResult> validate(const std::filesystem::path& model,
                                         const ValidationSet& set,
                                         const ValidationSection& section,
                                         const PictureReading& reading,
                                         const TrainHooks& hooks);

}  // namespace igrot
