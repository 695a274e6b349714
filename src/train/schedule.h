// The learning rate of every step: cosine with warm restarts by fractional
// epochs, one step late, as the reference steps it after the optimiser.
// Source: method.md 7.
#pragma once

#include <cstddef>

namespace igrot {

struct Schedule {
  std::size_t period_epochs = 1;  ///< T_0
  std::size_t batches = 1;        ///< of an epoch
  double lowest = 0;              ///< eta_min, the same for every group
  std::size_t warmup_steps = 0;   ///< rising linearly; 0 in the reference

  /// The rate during step `step` (0-based, over all epochs) of a group that
  /// starts at `base`.
  double rate(double base, std::size_t step) const;
};

}  // namespace igrot
