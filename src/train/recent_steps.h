// How fast the last steps were, for the progress line.
#pragma once

#include <cstddef>
#include <deque>

namespace igrot {

class RecentSteps {
 public:
  struct Step {
    double seconds = 0;
    double waiting = 0;  ///< seconds of them, for pictures
    std::size_t samples = 0;
  };

  void add(const Step& step) {
    constexpr std::size_t window = 20;
    steps_.push_back(step);
    if (steps_.size() > window) steps_.pop_front();
    sum_ = {};
    for (const auto& s : steps_) {
      sum_.seconds += s.seconds;
      sum_.waiting += s.waiting;
      sum_.samples += s.samples;
    }
  }

  // Once a step was added.
  double samples_per_second() const {
    return static_cast<double>(sum_.samples) / sum_.seconds;
  }
  double waiting_share() const { return sum_.waiting / sum_.seconds; }
  double step_seconds() const {
    return sum_.seconds / static_cast<double>(steps_.size());
  }

 private:
  std::deque<Step> steps_;
  Step sum_;
};

}  // namespace igrot
