// The UNION head: the vector of a target from its picture and a text.
// Source: method.md 5; the T5 encoder of arXiv 1910.10683 as the transformers
// library 4.26 has it.
#pragma once

#include <cmath>

#include "models/blocks.h"

namespace igrot {

struct UnionConfig {
  std::size_t width = 0;  ///< d
  std::size_t layers = 0;
  std::size_t heads = 0;
  std::size_t head_width = 0;  ///< d_kv
  std::size_t mlp_width = 0;
  std::size_t buckets = 0;        ///< of relative positions
  std::size_t hidden1_width = 0;  ///< 4d
  std::size_t hidden2_width = 0;  ///< d
  float eps = 1e-6F;
  float dropout = 0;       ///< of the T5 stack, while training
  float head_dropout = 0;  ///< of the layers after it

  std::size_t inner_width() const { return heads * head_width; }
};

template <class S>
struct T5BlockWeights {
  typename S::Tensor norm1;
  typename S::Linear query, key, value, output;
  typename S::Tensor norm2;
  typename S::Linear up, down;
};

template <class S>
struct UnionWeights {
  typename S::Linear hidden1, hidden2, weight;
  std::vector<T5BlockWeights<S>> blocks;
  typename S::Tensor relative_bias;  ///< [buckets, heads], of all blocks
  typename S::Tensor final_norm;
};

template <class S, class V>
void visit_tensors(T5BlockWeights<S>& w, const UnionConfig& c,
                   const Scope<V>& at) {
  const auto inner = c.inner_width();
  const auto attention = at / "layer.0.SelfAttention";
  attention.linear_no_bias("q", w.query, inner, c.width);
  attention.linear_no_bias("k", w.key, inner, c.width);
  attention.linear_no_bias("v", w.value, inner, c.width);
  attention.linear_no_bias("o", w.output, c.width, inner);
  at.tensor("layer.0.layer_norm.weight", w.norm1, {c.width});
  const auto dense = at / "layer.1.DenseReluDense";
  dense.linear_no_bias("wi", w.up, c.mlp_width, c.width);
  dense.linear_no_bias("wo", w.down, c.width, c.mlp_width);
  at.tensor("layer.1.layer_norm.weight", w.norm2, {c.width});
}

template <class S, class V>
void visit_tensors(UnionWeights<S>& w, const UnionConfig& c,
                   const Scope<V>& at) {
  const auto head = at / "union_weighted_layer";
  head.linear("0", w.hidden1, c.hidden1_width, 2 * c.width);
  head.linear("3", w.hidden2, c.hidden2_width, c.hidden1_width);
  head.linear("6", w.weight, 1, c.hidden2_width);
  const auto stack = at / "t5_layers";
  w.blocks.resize(c.layers);
  for (std::size_t i = 0; i < c.layers; ++i)
    visit_tensors(w.blocks[i], c, stack / "block" / i);
  stack.tensor("block.0.layer.0.SelfAttention.relative_attention_bias.weight",
               w.relative_bias, {c.buckets, c.heads});
  stack.tensor("final_layer_norm.weight", w.final_norm, {c.width});
}

/// T5's bucket of a relative position (key minus query), both directions: a
/// quarter of the buckets each way is exact, the rest grows logarithmically up
/// to a distance of 128.
inline std::int32_t relative_bucket(std::int32_t key, std::int32_t query,
                                    std::size_t buckets) {
  constexpr double max_distance = 128;
  const auto half = static_cast<std::int32_t>(buckets / 2);
  const std::int32_t side = key > query ? half : 0;
  const auto distance = std::abs(key - query);
  const auto exact = half / 2;
  if (distance < exact) return side + distance;
  const double share = std::log(static_cast<double>(distance) / exact) /
                       std::log(max_distance / exact);
  const auto far = exact + static_cast<std::int32_t>(share * (half - exact));
  return side + std::min(far, half - 1);
}

/// The bias of every head for `tokens` queries and keys, [tokens, tokens,
/// heads].
template <Ops O>
typename O::Tensor relative_bias(const O& ops, const UnionWeights<O>& w,
                                 const UnionConfig& c, std::size_t tokens) {
  std::vector<std::int32_t> buckets;
  for (std::size_t i = 0; i < tokens; ++i)
    for (std::size_t j = 0; j < tokens; ++j)
      buckets.push_back(relative_bucket(static_cast<std::int32_t>(j),
                                        static_cast<std::int32_t>(i),
                                        c.buckets));
  return ops.reshape(ops.embed(buckets, w.relative_bias),
                     {tokens, tokens, c.heads});
}

/// One T5 block; attention is not scaled.
template <Ops O>
typename O::Tensor t5_block(const O& ops, const T5BlockWeights<O>& w,
                            const UnionConfig& c, typename O::Tensor x,
                            const typename O::Tensor& head_bias) {
  const auto h = ops.rms_norm(x, w.norm1, c.eps);
  const auto attended = ops.attention(ops.linear(h, w.query, Activation::none),
                                      ops.linear(h, w.key, Activation::none),
                                      ops.linear(h, w.value, Activation::none),
                                      {.heads = c.heads,
                                       .scale = 1,
                                       .head_bias = &head_bias,
                                       .dropout = c.dropout});
  x = ops.linear_add(attended, w.output, std::move(x), c.dropout);
  const auto up =
      ops.linear(ops.rms_norm(x, w.norm2, c.eps), w.up, Activation::relu);
  return ops.linear_add(ops.dropout(up, c.dropout), w.down, std::move(x),
                        c.dropout);
}

/// The T5 stack over [g_i ; g_t]: [B, 2, d].
template <Ops O>
typename O::Tensor union_hidden(const O& ops, const UnionWeights<O>& w,
                                const UnionConfig& c,
                                const typename O::Tensor& image,
                                const typename O::Tensor& text) {
  const auto batch = image.shape()[0];
  auto x = ops.dropout(
      ops.reshape(ops.concat_columns({image, text}), {batch, 2, c.width}),
      c.dropout);
  const auto bias = relative_bias(ops, w, c, 2);
  for (const auto& block : w.blocks)
    x = t5_block(ops, block, c, std::move(x), bias);
  return ops.dropout(ops.rms_norm(x, w.final_norm, c.eps), c.dropout);
}

/// w of [h_0 ; h_1], [B, 1].
template <Ops O>
typename O::Tensor union_weight(const O& ops, const UnionWeights<O>& w,
                                const UnionConfig& c,
                                const typename O::Tensor& hidden) {
  const auto batch = hidden.shape()[0];
  auto x = ops.reshape(hidden, {batch, 2 * c.width});
  x = ops.linear_dropout(x, w.hidden1, Activation::sigmoid, c.head_dropout);
  x = ops.linear_dropout(x, w.hidden2, Activation::sigmoid, c.head_dropout);
  return ops.linear(x, w.weight, Activation::none);
}

/// U(image, text) = normalize(w g_i + (1-w) g_t). image, text: [B, d], raw.
template <Ops O>
typename O::Tensor union_vectors(const O& ops, const UnionWeights<O>& w,
                                 const UnionConfig& c,
                                 const typename O::Tensor& image,
                                 const typename O::Tensor& text) {
  const auto share =
      union_weight(ops, w, c, union_hidden(ops, w, c, image, text));
  const auto rest = ops.affine(share, -1, 1);
  return ops.normalize(
      ops.combine(ops.concat_columns({share, rest}), {image, text}));
}

}  // namespace igrot
