#include "progress_bar.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace igrot::app {
namespace {

constexpr auto redraw_interval = std::chrono::milliseconds(100);

std::string clock_text(double seconds) {
  const auto whole = static_cast<long>(seconds + 0.5);
  if (whole >= 3600)
    return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60,
                       whole % 60);
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

}  // namespace

std::string progress_line(std::string_view doing, std::size_t done,
                          std::size_t total, double seconds,
                          std::size_t columns, std::size_t before) {
  const double share =
      total ? static_cast<double>(std::min(done, total)) / double(total) : 0;
  const auto fresh = static_cast<double>(done - std::min(done, before));
  const double rate = seconds > 0 ? fresh / seconds : 0;
  auto figures = fmt::format("{:3.0f}%  {}/{}", share * 100, done, total);
  if (rate > 0 && done < total)
    figures +=
        fmt::format("  {:.1f}/s  {} left", rate,
                    clock_text(static_cast<double>(total - done) / rate));
  else if (rate > 0)
    figures += fmt::format("  {:.1f}/s", rate);
  const auto used = doing.size() + figures.size() + 6;
  const auto width =
      used + 5 < columns ? std::min<std::size_t>(columns - used, 30) : 0;
  if (width == 0)
    return fmt::format("{} {}", doing, figures).substr(0, columns);
  const auto filled =
      static_cast<std::size_t>(share * static_cast<double>(width));
  return fmt::format("{}  [{}{}]  {}", doing, std::string(filled, '#'),
                     std::string(width - filled, ' '), figures);
}

ProgressBar::ProgressBar(std::string_view doing, std::size_t columns,
                         bool visible)
    : doing_(doing), columns_(columns), visible_(visible) {}

ProgressBar::~ProgressBar() {
  clear();
}

bool ProgressBar::is_time(bool last) {
  if (!visible_) return false;
  const auto now = Clock::now();
  if (!last && now - last_ < redraw_interval) return false;
  last_ = now;
  return true;
}

void ProgressBar::draw(const std::string& line) {
  shown_ = true;
  fmt::print(stderr, "\r{}\x1b[K", line);
  std::fflush(stderr);
}

void ProgressBar::show(std::size_t done, std::size_t total) {
  if (!is_time(done == total)) return;
  const std::chrono::duration<double> passed = Clock::now() - start_;
  draw(progress_line(doing_, done, total, passed.count(), columns_ - 1,
                     before_));
}

void ProgressBar::show_count(std::size_t done) {
  if (is_time(false)) draw(fmt::format("{}  {}", doing_, done));
}

void ProgressBar::clear() {
  if (!shown_) return;
  shown_ = false;
  fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
}

}  // namespace igrot::app
