#include "train/schedule.h"

#include <cmath>
#include <numbers>

namespace igrot {

double Schedule::rate(double base, std::size_t step) const {
  double rate = base;
  if (step > 0) {
    const auto last = step - 1;
    const auto period = static_cast<double>(period_epochs);
    double epoch =
        static_cast<double>(last / batches) +
        static_cast<double>(last % batches) / static_cast<double>(batches);
    if (epoch >= period) epoch = std::fmod(epoch, period);
    rate = lowest + (base - lowest) *
                        (1 + std::cos(std::numbers::pi * epoch / period)) / 2;
  }
  if (step < warmup_steps)
    rate *= static_cast<double>(step + 1) / static_cast<double>(warmup_steps);
  return rate;
}

}  // namespace igrot
