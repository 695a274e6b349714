// A line on the terminal that tells how far long work is.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace igrot::app {

/// "indexing  [######    ]  60%  600/1000  41.2/s  0:09 left". Shown on stderr
/// when that is a terminal; otherwise it does nothing. Not for many threads.
class ProgressBar {
 public:
  using Clock = std::chrono::steady_clock;

  /// visible: stderr is a terminal and the user did not ask for quiet.
  ProgressBar(std::string_view doing, std::size_t columns, bool visible);
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  /// Clears the line.
  ~ProgressBar();

  /// What was done before the work began, and does not count for its rate.
  void begin(std::size_t before) { before_ = before; }

  void show(std::size_t done, std::size_t total);

  /// The same where the total is not known yet.
  void show_count(std::size_t done);

  /// Makes room for other output on stderr.
  void clear();

 private:
  bool is_time(bool last);
  void draw(const std::string& line);

  std::string doing_;
  std::size_t columns_;
  bool visible_;
  bool shown_ = false;
  std::size_t before_ = 0;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_{};
};

/// The line of the bar, at most `columns` characters. The first `before` were
/// done before those seconds.
std::string progress_line(std::string_view doing, std::size_t done,
                          std::size_t total, double seconds,
                          std::size_t columns, std::size_t before = 0);

}  // namespace igrot::app
