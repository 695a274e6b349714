// Attention with gradients.
#pragma once

#include "ops/torch/torch_ops.h"

namespace igrot {

/// One attention, ready to compute: softmax(scale * q k^T + bias), dropped
/// elements aside, times v.
struct AttentionInputs {
  TorchTensor q;    ///< [B, Tq, w]
  TorchTensor k;    ///< [B, Tk, w]
  TorchTensor v;    ///< [B, Tk, w]
  at::Tensor bias;  ///< broadcast to [B, heads, Tq, Tk]; undefined: none
  at::Tensor kept;  ///< bytes [B, heads, Tq, Tk]; undefined: all stay
  std::int64_t heads = 1;
  float scale = 1;
  float probability = 0;  ///< with which `kept` was drawn
};

/// By one function over sgemm, heads in parallel; [B, Tq, w]. Processors only.
at::Tensor own_attention(const AttentionInputs& in);

/// By libtorch's operations.
at::Tensor library_attention(const AttentionInputs& in, at::ScalarType type);

}  // namespace igrot
