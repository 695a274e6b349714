// CLIP: an image tower and a text tower over one space of width d.
// Source: method.md 2 (CLIP details).
#pragma once

#include <numeric>

#include "models/token_batch.h"
#include "models/towers_config.h"

namespace igrot {

template <class S>
struct ClipVisionWeights {
  typename S::Tensor class_token;  ///< [width]
  typename S::Tensor positions;    ///< [1+P, width]
  typename S::Linear projection;   ///< width -> d
  typename S::Linear patches;      ///< 3 * patch^2 -> width
  NormWeights<S> norm_pre;
  StackWeights<S> stack;
  NormWeights<S> norm_post;
};

template <class S>
struct ClipTextWeights {
  typename S::Tensor positions;   ///< [context, width]
  typename S::Linear projection;  ///< width -> d
  typename S::Tensor tokens;      ///< [vocabulary, width]
  StackWeights<S> stack;
  NormWeights<S> norm_final;
};

template <class S>
struct ClipWeights {
  ClipVisionWeights<S> vision;
  ClipTextWeights<S> text;
};

template <class S, class V>
void visit_tensors(ClipVisionWeights<S>& w, const TowersConfig& c,
                   const Scope<V>& at) {
  const auto& stack = c.vision;
  at.tensor("class_embedding", w.class_token, {stack.width});
  at.tensor("positional_embedding", w.positions, {c.image_rows(), stack.width});
  at.product("proj", "", w.projection, {stack.width, c.width},
             WeightForm::inputs_first);
  at.product("conv1.weight", "", w.patches, {stack.width, 3, c.patch, c.patch});
  visit_tensors(w.norm_pre, stack.width, at / "ln_pre");
  visit_tensors(w.stack, stack, clip_block_names,
                at / "transformer" / "resblocks");
  visit_tensors(w.norm_post, stack.width, at / "ln_post");
}

template <class S, class V>
void visit_tensors(ClipTextWeights<S>& w, const TowersConfig& c,
                   const Scope<V>& at) {
  const auto& stack = c.text;
  at.tensor("positional_embedding", w.positions, {c.context, stack.width});
  at.product("text_projection", "", w.projection, {stack.width, c.width},
             WeightForm::inputs_first);
  at.tensor("token_embedding.weight", w.tokens, {c.vocabulary, stack.width});
  visit_tensors(w.stack, stack, clip_block_names,
                at / "transformer" / "resblocks");
  visit_tensors(w.norm_final, stack.width, at / "ln_final");
}

template <class S, class V>
void visit_tensors(ClipWeights<S>& w, const TowersConfig& c,
                   const Scope<V>& at) {
  visit_tensors(w.vision, c, at / "visual");
  visit_tensors(w.text, c, at);
}

/// What the blocks of the image tower start from: [B, 1+P, width].
/// pixels: [B, 3, side, side], normalised.
template <Ops O>
typename O::Tensor image_tokens(const O& ops, const ClipVisionWeights<O>& w,
                                const TowersConfig& c,
                                const typename O::Tensor& pixels) {
  const auto patches =
      ops.linear(ops.patches(pixels, c.patch), w.patches, Activation::none);
  const auto first = ops.reshape(w.class_token, {1, 1, c.vision.width});
  const auto x = ops.add(ops.concat_tokens({first, patches}), w.positions);
  return layer_norm(ops, x, w.norm_pre, c.vision.eps);
}

/// Rows of the last block into the shared space.
template <Ops O>
typename O::Tensor image_features(const O& ops, const ClipVisionWeights<O>& w,
                                  const TowersConfig& c,
                                  const typename O::Tensor& x) {
  const auto h = layer_norm(ops, x, w.norm_post, c.vision.eps);
  return ops.linear(h, w.projection, Activation::none);
}

/// What the blocks of the text tower start from: [B, T, width].
template <Ops O>
typename O::Tensor text_tokens(const O& ops, const ClipTextWeights<O>& w,
                               const TowersConfig& c,
                               const TokenBatch& tokens) {
  std::vector<std::size_t> positions(tokens.length);
  std::iota(positions.begin(), positions.end(), std::size_t{0});
  const auto x = ops.reshape(ops.embed(tokens.ids, w.tokens),
                             {tokens.count, tokens.length, c.text.width});
  return ops.add(x, ops.gather(w.positions, positions));
}

/// Rows of the last block into the shared space.
template <Ops O>
typename O::Tensor text_features(const O& ops, const ClipTextWeights<O>& w,
                                 const TowersConfig& c,
                                 const typename O::Tensor& x) {
  const auto h = layer_norm(ops, x, w.norm_final, c.text.eps);
  return ops.linear(h, w.projection, Activation::none);
}

/// All rows of the text tower, [B, T, d].
template <Ops O>
typename O::Tensor text_local(const O& ops, const ClipTextWeights<O>& w,
                              const TowersConfig& c, const TokenBatch& tokens) {
  auto x = text_tokens(ops, w, c, tokens);
  x = run_blocks(ops, w.stack, c.text, std::move(x), c.text.layers,
                 Visibility::causal, nullptr);
  return text_features(ops, w, c, x);
}

/// The global features alone, [B, d]: the last block computes one row a text.
template <Ops O>
typename O::Tensor text_global(const O& ops, const ClipTextWeights<O>& w,
                               const TowersConfig& c,
                               const TokenBatch& tokens) {
  auto x = text_tokens(ops, w, c, tokens);
  x = run_blocks(ops, w.stack, c.text, std::move(x), c.text.layers - 1,
                 Visibility::causal, nullptr);
  const auto key_bias = ops.upload(keys_up_to_end(tokens));
  x = last_block_rows(ops, w.stack, c.text, x, global_rows(tokens), &key_bias);
  x = ops.reshape(x, {tokens.count, c.text.width});
  return text_features(ops, w, c, x);
}

template <Ops O>
void split_last_blocks(const O& ops, ClipWeights<O>& w, const TowersConfig& c) {
  split_last_block(ops, w.vision.stack, c.vision);
  split_last_block(ops, w.text.stack, c.text);
}

}  // namespace igrot
