// Dropout whose random numbers are named by seed, epoch, step, sample, and the
// place in the pass.
#pragma once

#include "ops/torch/torch_ops.h"

namespace igrot {

/// Bytes, 1 where an element stays (with 1 - probability), 0 where it is
/// dropped. sizes: [samples, ...]. place: counts the dropouts of a pass.
at::Tensor kept_elements(at::IntArrayRef sizes, const DropoutKeys& keys,
                         std::uint64_t place, float probability);

/// x / (1 - probability) where `kept` is 1, else 0.
at::Tensor drop(const at::Tensor& x, const at::Tensor& kept, float probability);

}  // namespace igrot
