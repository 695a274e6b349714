// What a run needs to go on: position, parameters, moments. One safetensors
// file a state, complete under its name or not there at all.
#pragma once

#include <filesystem>
#include <optional>

#include "train/adamw.h"
#include "train/loss_scale.h"

namespace igrot {

/// How far a run is.
struct RunPosition {
  std::size_t epoch = 0;  ///< in which the next step lies
  std::size_t batch = 0;  ///< of that epoch, the next one
  std::size_t step = 0;   ///< steps done
  std::size_t skipped = 0;
};

/// Writes OUT/state/step-NNNNNNNN.safetensors and removes all but the `keep`
/// newest. Throws Error: io.
void save_state(const std::filesystem::path& folder,
                const RunPosition& position, const Parameters& parameters,
                const AdamW& optimiser, const LossScale::State& scale,
                std::size_t keep);

struct RestoredState {
  RunPosition position;
  LossScale::State scale;
};

/// Brings parameters and optimiser to the newest state that can be read;
/// nothing where there is none. Damaged ones are passed over with a warning.
/// Throws Error: usage (a state of another model).
std::optional<RestoredState> restore_state(const std::filesystem::path& folder,
                                           Parameters& parameters,
                                           AdamW& optimiser,
                                           const Runtime& runtime);

}  // namespace igrot
