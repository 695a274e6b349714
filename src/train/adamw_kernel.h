// The inner loop of AdamW.
#pragma once

#include <cstddef>

namespace igrot {

struct AdamWStep {
  double gradient_factor = 1;
  double keep = 1;  ///< 1 - rate * weight decay
  double beta1 = 0.9;
  double beta2 = 0.999;
  double step_size = 0;          ///< rate / (1 - beta1^t)
  double second_correction = 1;  ///< sqrt(1 - beta2^t)
  double eps = 1e-6;
};

/// p *= keep; m and v take the gradient; p -= step_size * m / (sqrt(v) /
/// second_correction + eps).
void adamw_update(float* p, const float* g, float* m, float* v,
                  std::size_t count, const AdamWStep& step);

}  // namespace igrot
