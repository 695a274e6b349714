#include "stage_bar.h"

namespace igrot::app {

void StageBar::show(std::string_view doing, std::size_t done,
                    std::size_t total) {
  const std::lock_guard lock(mutex_);
  if (!bar_ || doing != doing_)
    bar_.reset(new ProgressBar(session_.bar(doing_ = doing)));
  bar_->show(done, total);
}

void StageBar::warn(std::string_view sentence) {
  const std::lock_guard lock(mutex_);
  if (bar_) bar_->clear();
  session_.warn(sentence);
}

}  // namespace igrot::app
