// The loops that are not matrix products with weights, once for each
// instruction set. All run on the calling thread; the caller cuts rows into
// ranges. Numbers are read and written in the rows' own type and computed in
// float32.
#pragma once

#include <vector>

#include "ops/dnnl/rows.h"

namespace igrot {

/// One head of one input: out = softmax(scale * q k^T + biases) v.
struct AttentionHead {
  Rows q, k, v, out;
  float scale = 1;
  bool causal = false;
  const float* key_bias = nullptr;   ///< [Tk]
  const float* head_bias = nullptr;  ///< [Tq, Tk]
};

struct Kernels {
  const char* name;

  void (*copy)(const Rows& in, const Rows& out);
  void (*layer_norm)(const Rows& in, const Rows& out, const float* scale,
                     const float* shift, float eps);
  void (*rms_norm)(const Rows& in, const Rows& out, const float* scale,
                   float eps);
  void (*normalize)(const Rows& in, const Rows& out);
  void (*add)(const Rows& x, const Rows& y, const Rows& out);
  void (*affine)(const Rows& in, const Rows& out, float scale, float shift);

  /// x * sigmoid(1.702 x); and its derivative at `in` times `gradient`.
  void (*quick_gelu)(const Rows& in, const Rows& out);
  void (*quick_gelu_gradient)(const Rows& gradient, const Rows& in,
                              const Rows& out);

  /// out[i] += factors[i * stride] * in[i], by rows; out is float32.
  void (*accumulate)(const Rows& in, const float* factors, std::size_t stride,
                     const Rows& out);

  /// Bytes of scratch, aligned to 64, that `attention` needs.
  std::size_t (*attention_bytes)(std::size_t keys, std::size_t head_width);
  void (*attention)(const AttentionHead& head, std::byte* scratch);
};

/// The kernels this processor can run, best first; never empty.
std::vector<const Kernels*> supported_kernels();

}  // namespace igrot
