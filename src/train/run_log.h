// What a run writes down as it goes: OUT/steps.jsonl and TensorBoard's events.
#pragma once

#include <filesystem>
#include <fstream>

#include "train/event_file.h"

namespace igrot {

/// One line of steps.jsonl.
struct StepRecord {
  std::size_t step = 0;  ///< 1 for the first
  double loss = 0;
  double grad_norm = 0;  ///< before clipping
  double lr_new = 0;
  double lr_backbone = 0;
  double samples_per_second = 0;
  double seconds = 0;
  double waiting_seconds = 0;  ///< of them, for pictures
};

class RunLog {
 public:
  /// Goes on behind step `steps_done`: later lines of an interrupted run are
  /// dropped. Throws Error: io.
  RunLog(const std::filesystem::path& folder, std::size_t steps_done);

  /// Throws Error: io.
  void step(const StepRecord& record);

  /// Named numbers at a step, for TensorBoard.
  void scalars(std::size_t step,
               std::span<const std::pair<std::string, float>> values);

 private:
  std::filesystem::path path_;
  std::ofstream lines_;
  EventFile events_;
};

}  // namespace igrot
