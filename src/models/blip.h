// BLIP's retrieval towers: a ViT and a BERT over one space of width d.
// Source: method.md 2 (BLIP details).
#pragma once

#include <numeric>

#include "models/token_batch.h"
#include "models/towers_config.h"

namespace igrot {

template <class S>
struct BlipVisionWeights {
  typename S::Tensor class_token;  ///< [1, 1, width]
  typename S::Tensor positions;    ///< [1, 1+P, width]
  typename S::Linear patches;      ///< 3 * patch^2 -> width
  StackWeights<S> stack;
  NormWeights<S> norm_post;
  typename S::Linear projection;  ///< width -> d
};

/// A post-norm block. Queries, keys and values are products of their own, as
/// in the state dict.
template <class S>
struct BertBlockWeights {
  typename S::Linear query;
  typename S::Linear key;
  typename S::Linear value;
  typename S::Linear out_proj;
  NormWeights<S> attention_norm;
  typename S::Linear up;
  typename S::Linear down;
  NormWeights<S> output_norm;
};

template <class S>
struct BertWeights {
  typename S::Tensor tokens;     ///< [vocabulary, width]
  typename S::Tensor positions;  ///< [text_positions, width]
  NormWeights<S> norm;
  std::vector<BertBlockWeights<S>> blocks;
  typename S::Linear projection;  ///< width -> d
};

template <class S>
struct BlipWeights {
  BlipVisionWeights<S> vision;
  BertWeights<S> text;
};

inline constexpr BlockNames vit_block_names{.norm1 = "norm1",
                                            .in_proj_weight = "attn.qkv.weight",
                                            .in_proj_bias = "attn.qkv.bias",
                                            .out_proj = "attn.proj",
                                            .norm2 = "norm2",
                                            .up = "mlp.fc1",
                                            .down = "mlp.fc2"};

template <class S, class V>
void visit_tensors(BlipVisionWeights<S>& w, const TowersConfig& c,
                   const Scope<V>& root) {
  const auto& stack = c.vision;
  const auto at = root / "visual_encoder";
  at.tensor("cls_token", w.class_token, {1, 1, stack.width});
  at.tensor("pos_embed", w.positions, {1, c.image_rows(), stack.width});
  (at / "patch_embed" / "proj")
      .product("weight", "bias", w.patches, {stack.width, 3, c.patch, c.patch});
  visit_tensors(w.stack, stack, vit_block_names, at / "blocks");
  visit_tensors(w.norm_post, stack.width, at / "norm");
  root.linear("vision_proj", w.projection, c.width, stack.width);
}

template <class S, class V>
void visit_tensors(BertBlockWeights<S>& w, const StackConfig& c,
                   const Scope<V>& at) {
  const auto attention = at / "attention";
  attention.linear("self.query", w.query, c.width, c.width);
  attention.linear("self.key", w.key, c.width, c.width);
  attention.linear("self.value", w.value, c.width, c.width);
  attention.linear("output.dense", w.out_proj, c.width, c.width);
  visit_tensors(w.attention_norm, c.width, attention / "output" / "LayerNorm");
  at.linear("intermediate.dense", w.up, c.mlp_width, c.width);
  at.linear("output.dense", w.down, c.width, c.mlp_width);
  visit_tensors(w.output_norm, c.width, at / "output" / "LayerNorm");
}

template <class S, class V>
void visit_tensors(BertWeights<S>& w, const TowersConfig& c,
                   const Scope<V>& root) {
  const auto& stack = c.text;
  const auto embeddings = root / "text_encoder" / "embeddings";
  embeddings.tensor("word_embeddings.weight", w.tokens,
                    {c.vocabulary, stack.width});
  embeddings.tensor("position_embeddings.weight", w.positions,
                    {c.text_positions, stack.width});
  visit_tensors(w.norm, stack.width, embeddings / "LayerNorm");
  w.blocks.resize(stack.layers);
  for (std::size_t i = 0; i < stack.layers; ++i)
    visit_tensors(w.blocks[i], stack,
                  root / "text_encoder" / "encoder" / "layer" / i);
  root.linear("text_proj", w.projection, c.width, stack.width);
}

template <class S, class V>
void visit_tensors(BlipWeights<S>& w, const TowersConfig& c,
                   const Scope<V>& at) {
  visit_tensors(w.vision, c, at);
  visit_tensors(w.text, c, at);
}

/// What the blocks of the image tower start from: [B, 1+P, width].
/// pixels: [B, 3, side, side], normalised.
template <Ops O>
typename O::Tensor image_tokens(const O& ops, const BlipVisionWeights<O>& w,
                                const TowersConfig& c,
                                const typename O::Tensor& pixels) {
  const auto patches =
      ops.linear(ops.patches(pixels, c.patch), w.patches, Activation::none);
  const auto positions =
      ops.reshape(w.positions, {c.image_rows(), c.vision.width});
  return ops.add(ops.concat_tokens({w.class_token, patches}), positions);
}

/// Rows of the last block into the shared space.
template <Ops O>
typename O::Tensor image_features(const O& ops, const BlipVisionWeights<O>& w,
                                  const TowersConfig& c,
                                  const typename O::Tensor& x) {
  const auto h = layer_norm(ops, x, w.norm_post, c.vision.eps);
  return ops.linear(h, w.projection, Activation::none);
}

/// What is added to the logits of padding, and its id.
inline constexpr float bert_padding = -10000;
inline constexpr std::int32_t bert_padding_id = 0;

/// What the blocks of the text tower start from: [B, T, width]. Word and
/// position, no token type.
template <Ops O>
typename O::Tensor text_tokens(const O& ops, const BertWeights<O>& w,
                               const TowersConfig& c,
                               const TokenBatch& tokens) {
  std::vector<std::size_t> positions(tokens.length);
  std::iota(positions.begin(), positions.end(), std::size_t{0});
  const auto words =
      ops.reshape(ops.embed(tokens.ids, w.tokens, bert_padding_id),
                  {tokens.count, tokens.length, c.text.width});
  const auto x = ops.add(words, ops.gather(w.positions, positions));
  return ops.dropout(layer_norm(ops, x, w.norm, c.text.eps), c.text.dropout);
}

/// One post-norm block for some of its rows: x = norm(x + attention(x));
/// x = norm(x + mlp(x)). all: [B, T, width]; x: the rows that are computed,
/// [B, n, width]. key_bias: [B, T].
template <Ops O>
typename O::Tensor bert_block(const O& ops, const BertBlockWeights<O>& w,
                              const StackConfig& c,
                              const typename O::Tensor& all,
                              typename O::Tensor x,
                              const typename O::Tensor& key_bias) {
  const auto attended =
      ops.attention(ops.linear(x, w.query, Activation::none),
                    ops.linear(all, w.key, Activation::none),
                    ops.linear(all, w.value, Activation::none),
                    attention_options<O>(c, Visibility::all, &key_bias));
  x = layer_norm(ops,
                 ops.linear_add(attended, w.out_proj, std::move(x), c.dropout),
                 w.attention_norm, c.eps);
  const auto hidden = ops.linear(x, w.up, c.activation);
  return layer_norm(ops,
                    ops.linear_add(hidden, w.down, std::move(x), c.dropout),
                    w.output_norm, c.eps);
}

/// The first `count` blocks.
template <Ops O>
typename O::Tensor run_bert_blocks(const O& ops, const BertWeights<O>& w,
                                   const StackConfig& c, typename O::Tensor x,
                                   std::size_t count,
                                   const typename O::Tensor& key_bias) {
  for (std::size_t i = 0; i < count; ++i)
    x = bert_block(ops, w.blocks[i], c, x, x, key_bias);
  return x;
}

/// All rows of the text tower, [B, T, d].
template <Ops O>
typename O::Tensor text_local(const O& ops, const BertWeights<O>& w,
                              const TowersConfig& c, const TokenBatch& tokens) {
  const auto key_bias = ops.upload(padding_bias(tokens, bert_padding));
  const auto x = run_bert_blocks(ops, w, c.text, text_tokens(ops, w, c, tokens),
                                 c.text.layers, key_bias);
  return ops.linear(x, w.projection, Activation::none);
}

/// The global features alone, [B, d]: the last block computes one row a text.
template <Ops O>
typename O::Tensor text_global(const O& ops, const BertWeights<O>& w,
                               const TowersConfig& c,
                               const TokenBatch& tokens) {
  const auto key_bias = ops.upload(padding_bias(tokens, bert_padding));
  auto x = run_bert_blocks(ops, w, c.text, text_tokens(ops, w, c, tokens),
                           c.text.layers - 1, key_bias);
  const auto first = ops.reshape(ops.gather(x, global_rows(tokens)),
                                 {tokens.count, 1, c.text.width});
  x = bert_block(ops, w.blocks.back(), c.text, x, first, key_bias);
  x = ops.reshape(x, {tokens.count, c.text.width});
  return ops.linear(x, w.projection, Activation::none);
}

template <Ops O>
void split_last_blocks(const O& ops, BlipWeights<O>& w, const TowersConfig& c) {
  split_last_block(ops, w.vision.stack, c.vision);
}

}  // namespace igrot
