// Loss scaling for float16: gradients are computed of a larger loss, so that
// small ones survive, and steps with overflowing ones are left out.
// Source: PyTorch's GradScaler and its default numbers.
#pragma once

#include <cstddef>

namespace igrot {

class LossScale {
 public:
  struct State {
    double scale = 65536;
    std::size_t good_steps = 0;  ///< since the scale last changed
  };

  LossScale() = default;
  explicit LossScale(State state) : state_(state) {}

  double scale() const { return state_.scale; }
  const State& state() const { return state_; }

  /// After a step: whether all gradients were finite.
  void update(bool finite) {
    constexpr std::size_t growth_interval = 2000;
    if (!finite) {
      state_ = {state_.scale / 2, 0};
    } else if (++state_.good_steps == growth_interval) {
      state_ = {state_.scale * 2, 0};
    }
  }

 private:
  State state_;
};

}  // namespace igrot
