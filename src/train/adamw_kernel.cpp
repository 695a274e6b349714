#include "train/adamw_kernel.h"

#include <cmath>

namespace igrot {

void adamw_update(float* __restrict p, const float* __restrict g,
                  float* __restrict m, float* __restrict v, std::size_t count,
                  const AdamWStep& step) {
  const auto factor = static_cast<float>(step.gradient_factor);
  const auto keep = static_cast<float>(step.keep);
  const auto beta1 = static_cast<float>(step.beta1);
  const auto beta2 = static_cast<float>(step.beta2);
  const auto rest1 = static_cast<float>(1 - step.beta1);
  const auto rest2 = static_cast<float>(1 - step.beta2);
  const auto size = static_cast<float>(step.step_size);
  const auto correction = static_cast<float>(step.second_correction);
  const auto eps = static_cast<float>(step.eps);
  for (std::size_t i = 0; i < count; ++i) {
    const float gradient = g[i] * factor;
    m[i] = beta1 * m[i] + rest1 * gradient;
    v[i] = beta2 * v[i] + rest2 * (gradient * gradient);
    const float scale = std::sqrt(v[i]) / correction + eps;
    p[i] = p[i] * keep - size * (m[i] / scale);
  }
}

}  // namespace igrot
