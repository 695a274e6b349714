// One product with its bias, residual and activation as one function, forward
// and backward.
#pragma once

#include "ops/torch/torch_ops.h"

namespace igrot {

/// activation(x W^T + bias) + residual, in float32 on a processor.
///
/// x: [..., in]; weight: [out, in], rows or columns contiguous; bias: [out] or
/// undefined; residual: [..., out] or undefined, then without activation.
/// type: what x, weight and, backward, the gradient are rounded to.
at::Tensor own_linear(const at::Tensor& x, const at::Tensor& weight,
                      const at::Tensor& bias, const at::Tensor& residual,
                      Activation activation, at::ScalarType type);

}  // namespace igrot
