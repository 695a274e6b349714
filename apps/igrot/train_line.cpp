#include "train_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "progress_bar.h"

namespace igrot::app {
namespace {

constexpr auto redraw_interval = std::chrono::milliseconds(100);
constexpr auto line_interval = std::chrono::seconds(30);

/// Steps after which an old loss counts for little.
constexpr std::size_t smoothed_steps = 20;

std::string duration_text(double seconds) {
  const auto minutes = static_cast<long>(seconds / 60);
  if (minutes >= 60)
    return fmt::format("{} h {:02} min", minutes / 60, minutes % 60);
  if (minutes > 0) return fmt::format("{} min", minutes);
  return fmt::format("{:.0f} s", seconds);
}

}  // namespace

std::string train_line(const TrainProgress& progress, double loss,
                       std::size_t columns) {
  const std::array parts{
      fmt::format("step {}/{}", progress.step, progress.steps),
      fmt::format("loss {:.3f}", loss),
      fmt::format("{} left", duration_text(progress.seconds_left)),
      fmt::format("{:.1f} samples/s", progress.samples_per_second),
      fmt::format("epoch {}/{}", progress.epoch + 1, progress.epochs),
      fmt::format("waiting {:.0f}%", progress.waiting_share * 100)};
  auto line = parts[0].substr(0, columns);
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (line.size() + 2 + parts[i].size() > columns) break;
    line += "  " + parts[i];
  }
  return line;
}

TrainLine::~TrainLine() {
  clear();
}

void TrainLine::step(const TrainProgress& progress) {
  const std::lock_guard lock(mutex_);
  const bool is_end = steps_seen_ == 0 || progress.step >= progress.steps;
  const auto counted = std::min(++steps_seen_, smoothed_steps);
  loss_ += (progress.loss - loss_) / static_cast<double>(counted);
  show(train_line(progress, loss_, columns_ - 1), is_end);
}

void TrainLine::stage(std::string_view doing, std::size_t done,
                      std::size_t total) {
  const std::lock_guard lock(mutex_);
  constexpr double no_rate = 0;
  show(progress_line(doing, done, total, no_rate, columns_ - 1), false);
}

void TrainLine::aside(const std::function<void()>& print) {
  const std::lock_guard lock(mutex_);
  clear();
  print();
}

void TrainLine::show(const std::string& line, bool at_once) {
  if (style_ == Style::none) return;
  const auto now = Clock::now();
  const bool is_redrawn = style_ == Style::redrawn;
  const Clock::duration interval =
      is_redrawn ? Clock::duration(redraw_interval) : line_interval;
  if (!at_once && now - last_ < interval) return;
  last_ = now;
  if (is_redrawn)
    fmt::print(stderr, "\r{}\x1b[K", line);
  else
    fmt::print(stderr, "{}\n", line);
  std::fflush(stderr);
  is_drawn_ = is_redrawn;
}

void TrainLine::clear() {
  if (!is_drawn_) return;
  is_drawn_ = false;
  fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
}

}  // namespace igrot::app
