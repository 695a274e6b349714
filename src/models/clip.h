// CLIP: an image tower and a text tower over one space of width d.
// Source: method.md 2 (CLIP details).
#pragma once

#include <numeric>

#include "models/blocks.h"
#include "models/token_batch.h"

namespace igrot {

struct ClipConfig {
  std::size_t width = 0;  ///< d
  std::size_t patch = 0;  ///< pixels, one way
  std::size_t grid = 0;   ///< patches, one way
  StackConfig vision;
  std::size_t context = 0;     ///< text positions
  std::size_t vocabulary = 0;  ///< rows of the token table
  StackConfig text;

  std::size_t side() const { return patch * grid; }
  std::size_t image_rows() const { return 1 + grid * grid; }
};

template <class S>
struct VisionWeights {
  typename S::Tensor class_token;  ///< [width]
  typename S::Tensor positions;    ///< [1+P, width]
  typename S::Linear projection;   ///< width -> d
  typename S::Linear patches;      ///< 3 * patch^2 -> width
  NormWeights<S> norm_pre;
  StackWeights<S> stack;
  NormWeights<S> norm_post;
};

template <class S>
struct TextWeights {
  typename S::Tensor positions;   ///< [context, width]
  typename S::Linear projection;  ///< width -> d
  typename S::Tensor tokens;      ///< [vocabulary, width]
  StackWeights<S> stack;
  NormWeights<S> norm_final;
};

template <class S>
struct ClipWeights {
  VisionWeights<S> vision;
  TextWeights<S> text;
};

template <class S, class V>
void visit_tensors(VisionWeights<S>& w, const ClipConfig& c,
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
void visit_tensors(TextWeights<S>& w, const ClipConfig& c, const Scope<V>& at) {
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
void visit_tensors(ClipWeights<S>& w, const ClipConfig& c, const Scope<V>& at) {
  visit_tensors(w.vision, c, at / "visual");
  visit_tensors(w.text, c, at);
}

/// What the blocks of the image tower start from: [B, 1+P, width].
/// pixels: [B, 3, side, side], normalised.
template <Ops O>
typename O::Tensor image_tokens(const O& ops, const VisionWeights<O>& w,
                                const ClipConfig& c,
                                const typename O::Tensor& pixels) {
  const auto patches =
      ops.linear(ops.patches(pixels, c.patch), w.patches, Activation::none);
  const auto first = ops.reshape(w.class_token, {1, 1, c.vision.width});
  const auto x = ops.add(ops.concat_tokens({first, patches}), w.positions);
  return layer_norm(ops, x, w.norm_pre, c.vision.eps);
}

/// Rows of the last block into the shared space.
template <Ops O>
typename O::Tensor image_features(const O& ops, const VisionWeights<O>& w,
                                  const ClipConfig& c,
                                  const typename O::Tensor& x) {
  const auto h = layer_norm(ops, x, w.norm_post, c.vision.eps);
  return ops.linear(h, w.projection, Activation::none);
}

/// All rows of the image tower, [B, 1+P, d]. Row 0 is the global feature.
template <Ops O>
typename O::Tensor image_local(const O& ops, const VisionWeights<O>& w,
                               const ClipConfig& c,
                               const typename O::Tensor& pixels) {
  auto x = image_tokens(ops, w, c, pixels);
  x = run_blocks(ops, w.stack, c.vision, std::move(x), c.vision.layers,
                 Visibility::all, nullptr);
  return image_features(ops, w, c, x);
}

/// The global feature alone, [B, d]: the last block computes one row.
template <Ops O>
typename O::Tensor image_global(const O& ops, const VisionWeights<O>& w,
                                const ClipConfig& c,
                                const typename O::Tensor& pixels) {
  auto x = image_tokens(ops, w, c, pixels);
  x = run_blocks(ops, w.stack, c.vision, std::move(x), c.vision.layers - 1,
                 Visibility::all, nullptr);
  const auto rows = first_rows(x.shape()[0], c.image_rows());
  x = last_block_rows(ops, w.stack, c.vision, x, rows, nullptr);
  x = ops.reshape(x, {rows.size(), c.vision.width});
  return image_features(ops, w, c, x);
}

/// What the blocks of the text tower start from: [B, T, width].
template <Ops O>
typename O::Tensor text_tokens(const O& ops, const TextWeights<O>& w,
                               const ClipConfig& c, const TokenBatch& tokens) {
  std::vector<std::size_t> positions(tokens.length);
  std::iota(positions.begin(), positions.end(), std::size_t{0});
  const auto x = ops.reshape(ops.embed(tokens.ids, w.tokens),
                             {tokens.count, tokens.length, c.text.width});
  return ops.add(x, ops.gather(w.positions, positions));
}

/// Rows of the last block into the shared space.
template <Ops O>
typename O::Tensor text_features(const O& ops, const TextWeights<O>& w,
                                 const ClipConfig& c,
                                 const typename O::Tensor& x) {
  const auto h = layer_norm(ops, x, w.norm_final, c.text.eps);
  return ops.linear(h, w.projection, Activation::none);
}

/// All rows of the text tower, [B, T, d].
template <Ops O>
typename O::Tensor text_local(const O& ops, const TextWeights<O>& w,
                              const ClipConfig& c, const TokenBatch& tokens) {
  auto x = text_tokens(ops, w, c, tokens);
  x = run_blocks(ops, w.stack, c.text, std::move(x), c.text.layers,
                 Visibility::causal, nullptr);
  return text_features(ops, w, c, x);
}

/// The same where a text may come more than once: each is encoded once.
template <Ops O>
typename O::Tensor distinct_text_local(const O& ops, const TextWeights<O>& w,
                                       const ClipConfig& c,
                                       const TokenBatch& tokens) {
  const auto distinct = distinct_texts(tokens);
  const auto local = text_local(ops, w, c, distinct.tokens);
  if (distinct.tokens.count == tokens.count) return local;
  std::vector<std::size_t> rows;
  for (const auto text : distinct.rows)
    for (std::size_t i = 0; i < tokens.length; ++i)
      rows.push_back(text * tokens.length + i);
  return ops.reshape(ops.gather(local, rows),
                     {tokens.count, tokens.length, c.width});
}

/// The global features alone, [B, d]: the last block computes one row a text.
template <Ops O>
typename O::Tensor text_global(const O& ops, const TextWeights<O>& w,
                               const ClipConfig& c, const TokenBatch& tokens) {
  auto x = text_tokens(ops, w, c, tokens);
  x = run_blocks(ops, w.stack, c.text, std::move(x), c.text.layers - 1,
                 Visibility::causal, nullptr);
  const auto key_bias = ops.upload(keys_up_to_end(tokens));
  x = last_block_rows(ops, w.stack, c.text, x, end_rows(tokens), &key_bias);
  x = ops.reshape(x, {tokens.count, c.text.width});
  return text_features(ops, w, c, x);
}

template <Ops O>
void split_last_blocks(const O& ops, ClipWeights<O>& w, const ClipConfig& c) {
  split_last_block(ops, w.vision.stack, c.vision);
  split_last_block(ops, w.text.stack, c.text);
}

}  // namespace igrot
