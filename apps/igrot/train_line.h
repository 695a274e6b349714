// What `igrot train` tells on stderr while it runs.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>

#include "train/training.h"

namespace igrot::app {

/// "step 312/1000  loss 2.310  12 min left  41.2 samples/s  epoch 1/2  waiting
/// 3%", at most `columns` characters: the last figures are left out first.
/// loss: smoothed.
std::string train_line(const TrainProgress& progress, double loss,
                       std::size_t columns);

/// Progress and sentences. On a terminal one line that is redrawn; else a line
/// at the first and the last step and every half minute. May be told things
/// from many threads.
class TrainLine {
 public:
  enum class Style { none, redrawn, lines };

  TrainLine(Style style, std::size_t columns)
      : style_(style), columns_(columns) {}
  TrainLine(const TrainLine&) = delete;
  TrainLine& operator=(const TrainLine&) = delete;
  /// Clears the line.
  ~TrainLine();

  void step(const TrainProgress& progress);

  /// Long work outside of steps: "encoding", 300 of 1000.
  void stage(std::string_view doing, std::size_t done, std::size_t total);

  /// Runs what prints on stderr, with room for it.
  void aside(const std::function<void()>& print);

 private:
  using Clock = std::chrono::steady_clock;

  void show(const std::string& line, bool at_once);
  void clear();

  Style style_;
  std::size_t columns_;
  std::mutex mutex_;
  bool is_drawn_ = false;
  std::size_t steps_seen_ = 0;
  double loss_ = 0;
  Clock::time_point last_{};
};

}  // namespace igrot::app
