// Attention: one task an input and head, each through the kernel.
#include <cassert>

#include "ops/dnnl/dnnl_engine.h"
#include "ops/dnnl/parallel.h"

namespace igrot {
namespace {

/// bias [Tq, Tk, heads] -> turned [heads, Tq * Tk], for heads [first, last).
void turn_head_bias(const Rows& bias, const Rows& turned, std::size_t first,
                    std::size_t last) {
  for (auto head = first; head < last; ++head) {
    auto* target = reinterpret_cast<float*>(turned.row(head));
    for (std::size_t i = 0; i < bias.count; ++i)
      target[i] = reinterpret_cast<const float*>(bias.row(i))[head];
  }
}

}  // namespace

DnnlTensor DnnlOps::attention(const Tensor& q, const Tensor& k, const Tensor& v,
                              const AttentionOptions<Tensor>& options) const {
  const auto batch = q.shape()[0];
  const auto queries = q.shape()[1];
  const auto keys = k.shape()[1];
  const auto heads = options.heads;
  const auto width = q.rows().width / heads;
  const auto causal = options.visibility == Visibility::causal;
  assert(!causal || queries == keys);
  const auto& kernels = engine_->kernels;
  const auto threads = engine_->threads;

  auto out = make(q.shape(), engine_->hidden);
  Tensor key_bias;
  if (options.key_bias) key_bias = as(*options.key_bias, Number::f32);
  Tensor head_bias;
  if (options.head_bias) {
    const auto given = as(*options.head_bias, Number::f32);
    head_bias = make({heads, queries * keys}, Number::f32);
    parallel_ranges(threads, heads, 1,
                    [&](std::size_t first, std::size_t last, std::size_t) {
                      turn_head_bias(given.rows(), head_bias.rows(), first,
                                     last);
                    });
  }

  const auto scratch_bytes = kernels.attention_bytes(keys, width);
  const auto scratch = arena_->take(threads * scratch_bytes);
  const auto attend = [&](std::size_t first, std::size_t last,
                          std::size_t part) {
    for (auto task = first; task < last; ++task) {
      const auto b = task / heads;
      const auto h = task % heads;
      const auto of = [&](const Tensor& x, std::size_t tokens) {
        return x.rows()
            .slice(b * tokens, (b + 1) * tokens)
            .columns(h * width, width);
      };
      AttentionHead head{of(q, queries), of(k, keys), of(v, keys),
                         of(out, queries)};
      head.scale = options.scale;
      head.causal = causal;
      if (options.key_bias)
        head.key_bias =
            reinterpret_cast<const float*>(key_bias.rows().data) + b * keys;
      if (options.head_bias)
        head.head_bias =
            reinterpret_cast<const float*>(head_bias.rows().row(h));
      kernels.attention(head, scratch.get() + part * scratch_bytes);
    }
  };
  parallel_ranges(threads, batch * heads, 1, attend);
  return out;
}

}  // namespace igrot
