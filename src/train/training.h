// Training from beginning to end: data, steps, checkpoints, validation.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "igrot/runtime.h"
#include "train/config.h"

namespace igrot {

struct TrainRequest {
  TrainConfig config;
  std::filesystem::path out;  ///< the folder of everything that is written
  bool resume = false;        ///< go on where the newest state stands
};

/// Where a run stands, after every step.
struct TrainProgress {
  std::size_t epoch = 0;  ///< 0-based
  std::size_t epochs = 0;
  std::size_t step = 0;   ///< steps done, over all epochs
  std::size_t steps = 0;  ///< of the whole run
  double loss = 0;
  double samples_per_second = 0;  ///< of the last steps
  double waiting_share = 0;  ///< of the time, spent waiting for pictures, 0..1
  double seconds_left = 0;
};

struct TrainHooks {
  Runtime runtime;
  /// Called after every step. Returning false ends the run after this step,
  /// with its state kept for `resume`.
  std::function<bool(const TrainProgress&)> progress;
  /// Called during long work outside steps (reading, encoding, validating).
  std::function<bool(std::string_view doing, std::size_t done,
                     std::size_t total)>
      stage;
  /// One sentence about something that is done ("epoch 1: R@10 12.5, best").
  std::function<void(std::string_view)> say;
};

struct TrainResult {
  std::size_t steps = 0;
  std::size_t skipped = 0;  ///< samples left out for an unreadable picture
  std::optional<double> best_score;
  bool interrupted = false;  ///< `progress` asked to stop
};

/// Runs a configuration. Throws Error: usage (out holds another run and resume
/// is off; the configuration does not fit the model), and whatever reading
/// data, models and writing files throws.
TrainResult train(const TrainRequest& request, const TrainHooks& hooks);

}  // namespace igrot
