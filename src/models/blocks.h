// What towers and fusion share: norms and pre-norm transformer blocks.
// Source: method.md 2 (CLIP details) and 4.
#pragma once

#include <cmath>
#include <span>
#include <string_view>
#include <utility>

#include "models/visit.h"
#include "ops/ops.h"

namespace igrot {

/// Added to a logit to mask a key out: its exponential is zero.
inline constexpr float masked_logit = -1e9F;

template <class S>
struct NormWeights {
  typename S::Tensor scale;
  typename S::Tensor shift;
};

template <class S, class V>
void visit_tensors(NormWeights<S>& w, std::size_t width, const Scope<V>& at) {
  at.tensor("weight", w.scale, {width});
  at.tensor("bias", w.shift, {width});
}

template <Ops O>
typename O::Tensor layer_norm(const O& ops, const typename O::Tensor& x,
                              const NormWeights<O>& w, float eps) {
  return ops.layer_norm(x, w.scale, w.shift, eps);
}

/// Hyper-parameters of a stack of equal blocks.
struct StackConfig {
  std::size_t width = 0;
  std::size_t layers = 0;
  std::size_t heads = 0;
  std::size_t mlp_width = 0;
  Activation activation = Activation::quick_gelu;
  float eps = 1e-5F;
  float dropout = 0;  ///< while training
};

template <class S>
struct BlockWeights {
  NormWeights<S> norm1;
  typename S::Linear in_proj;  ///< queries, keys and values, one after another
  typename S::Linear out_proj;
  NormWeights<S> norm2;
  typename S::Linear up;
  typename S::Linear down;
};

/// A stack, and the first product of its last block in two parts, for computing
/// only the rows that are read. `split_last_block` makes them.
template <class S>
struct StackWeights {
  std::vector<BlockWeights<S>> blocks;
  typename S::Linear last_query;
  typename S::Linear last_key_value;
};

/// How a state dict names the parts of a block.
struct BlockNames {
  std::string_view norm1;
  std::string_view in_proj_weight;
  std::string_view in_proj_bias;
  std::string_view out_proj;
  std::string_view norm2;
  std::string_view up;
  std::string_view down;
};

inline constexpr BlockNames clip_block_names{
    .norm1 = "ln_1",
    .in_proj_weight = "attn.in_proj_weight",
    .in_proj_bias = "attn.in_proj_bias",
    .out_proj = "attn.out_proj",
    .norm2 = "ln_2",
    .up = "mlp.c_fc",
    .down = "mlp.c_proj"};
inline constexpr BlockNames encoder_layer_names{
    .norm1 = "norm1",
    .in_proj_weight = "self_attn.in_proj_weight",
    .in_proj_bias = "self_attn.in_proj_bias",
    .out_proj = "self_attn.out_proj",
    .norm2 = "norm2",
    .up = "linear1",
    .down = "linear2"};

template <class S, class V>
void visit_tensors(BlockWeights<S>& w, const StackConfig& c,
                   const BlockNames& names, const Scope<V>& at) {
  visit_tensors(w.norm1, c.width, at / names.norm1);
  at.product(names.in_proj_weight, names.in_proj_bias, w.in_proj,
             {3 * c.width, c.width});
  at.linear(names.out_proj, w.out_proj, c.width, c.width);
  visit_tensors(w.norm2, c.width, at / names.norm2);
  at.linear(names.up, w.up, c.mlp_width, c.width);
  at.linear(names.down, w.down, c.width, c.mlp_width);
}

template <class S, class V>
void visit_tensors(StackWeights<S>& w, const StackConfig& c,
                   const BlockNames& names, const Scope<V>& at) {
  w.blocks.resize(c.layers);
  for (std::size_t i = 0; i < c.layers; ++i)
    visit_tensors(w.blocks[i], c, names, at / i);
}

template <Ops O>
void split_last_block(const O& ops, StackWeights<O>& w, const StackConfig& c) {
  const auto& in_proj = w.blocks.back().in_proj;
  w.last_query = ops.select_outputs(in_proj, 0, c.width);
  w.last_key_value = ops.select_outputs(in_proj, c.width, 2 * c.width);
}

template <Ops O>
AttentionOptions<typename O::Tensor> attention_options(
    const StackConfig& c, Visibility visibility,
    const typename O::Tensor* key_bias) {
  const auto head_width = static_cast<float>(c.width / c.heads);
  return {.heads = c.heads,
          .scale = 1 / std::sqrt(head_width),
          .visibility = visibility,
          .key_bias = key_bias,
          .dropout = c.dropout};
}

/// x += mlp(norm2(x)).
template <Ops O>
typename O::Tensor feed_forward(const O& ops, const BlockWeights<O>& w,
                                const StackConfig& c, typename O::Tensor x) {
  const auto h =
      ops.linear(layer_norm(ops, x, w.norm2, c.eps), w.up, c.activation);
  return ops.linear_add(ops.dropout(h, c.dropout), w.down, std::move(x),
                        c.dropout);
}

/// Attention of all rows to all rows, before the output product.
template <Ops O>
typename O::Tensor self_attention(
    const O& ops, const BlockWeights<O>& w, const StackConfig& c,
    const typename O::Tensor& x,
    const AttentionOptions<typename O::Tensor>& options) {
  const auto qkv = ops.linear(x, w.in_proj, Activation::none);
  return ops.attention(ops.columns(qkv, 0, c.width),
                       ops.columns(qkv, c.width, c.width),
                       ops.columns(qkv, 2 * c.width, c.width), options);
}

/// One pre-norm block: x += attention(norm1(x)); x += mlp(norm2(x)).
/// x: [B, T, width]. key_bias: [B, T] or null.
template <Ops O>
typename O::Tensor pre_norm_block(const O& ops, const BlockWeights<O>& w,
                                  const StackConfig& c, typename O::Tensor x,
                                  Visibility visibility,
                                  const typename O::Tensor* key_bias) {
  const auto attended =
      self_attention(ops, w, c, layer_norm(ops, x, w.norm1, c.eps),
                     attention_options<O>(c, visibility, key_bias));
  x = ops.linear_add(attended, w.out_proj, std::move(x), c.dropout);
  return feed_forward(ops, w, c, std::move(x));
}

/// The last block of a stack for some rows only: the same numbers as
/// `pre_norm_block` has there, where the rows see every key the bias leaves.
/// rows: flat indices into [B, T], n for each input. Result: [B, n, width].
template <Ops O>
typename O::Tensor last_block_rows(const O& ops, const StackWeights<O>& w,
                                   const StackConfig& c,
                                   const typename O::Tensor& x,
                                   std::span<const std::size_t> rows,
                                   const typename O::Tensor* key_bias) {
  const auto& block = w.blocks.back();
  const auto batch = x.shape()[0];
  const Shape shape{batch, rows.size() / batch, c.width};
  const auto h = layer_norm(ops, x, block.norm1, c.eps);
  const auto q =
      ops.linear(ops.gather(h, rows), w.last_query, Activation::none);
  const auto kv = ops.linear(h, w.last_key_value, Activation::none);
  const auto attended =
      ops.attention(ops.reshape(q, shape), ops.columns(kv, 0, c.width),
                    ops.columns(kv, c.width, c.width),
                    attention_options<O>(c, Visibility::all, key_bias));
  auto y = ops.linear_add(attended, block.out_proj,
                          ops.reshape(ops.gather(x, rows), shape), c.dropout);
  return feed_forward(ops, block, c, std::move(y));
}

/// The first `count` blocks of a stack.
template <Ops O>
typename O::Tensor run_blocks(const O& ops, const StackWeights<O>& w,
                              const StackConfig& c, typename O::Tensor x,
                              std::size_t count, Visibility visibility,
                              const typename O::Tensor* key_bias) {
  for (std::size_t i = 0; i < count; ++i)
    x = pre_norm_block(ops, w.blocks[i], c, std::move(x), visibility, key_bias);
  return x;
}

}  // namespace igrot
