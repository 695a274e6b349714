// SigLIP and SigLIP 2: a ViT whose patches are pooled by attention, and a text
// tower that sees its whole text, padding included, over one space of width d.
// Source: SiglipModel of transformers; big_vision's two towers.
#pragma once

#include <numeric>

#include "models/token_batch.h"
#include "models/towers_config.h"

namespace igrot {

/// A learned query that attends to the patches, then an MLP. `query` and
/// `key_value` are `in_proj` in two parts; `split_last_blocks` makes them.
template <class S>
struct SiglipPoolWeights {
  typename S::Tensor probe;    ///< [1, 1, width]
  typename S::Linear in_proj;  ///< queries, keys and values, one after another
  typename S::Linear out_proj;
  NormWeights<S> norm;
  typename S::Linear up;
  typename S::Linear down;
  typename S::Linear query;
  typename S::Linear key_value;
};

template <class S>
struct SiglipVisionWeights {
  typename S::Linear patches;    ///< 3 * patch^2 -> width
  typename S::Tensor positions;  ///< [1, P, width]
  StackWeights<S> stack;
  NormWeights<S> norm_post;
  SiglipPoolWeights<S> pool;
};

template <class S>
struct SiglipTextWeights {
  typename S::Tensor tokens;     ///< [vocabulary, width]
  typename S::Tensor positions;  ///< [context, width]
  StackWeights<S> stack;
  NormWeights<S> norm_final;
  typename S::Linear projection;  ///< width -> d
};

template <class S>
struct SiglipWeights {
  SiglipVisionWeights<S> vision;
  SiglipTextWeights<S> text;
};

template <class S, class V>
void visit_tensors(SiglipPoolWeights<S>& w, const StackConfig& c,
                   const Scope<V>& at) {
  at.tensor("latent", w.probe, {1, 1, c.width});
  at.product("in_proj_weight", "in_proj_bias", w.in_proj,
             {3 * c.width, c.width});
  at.linear("proj", w.out_proj, c.width, c.width);
  visit_tensors(w.norm, c.width, at / "norm");
  at.linear("mlp.fc1", w.up, c.mlp_width, c.width);
  at.linear("mlp.fc2", w.down, c.width, c.mlp_width);
}

/// Names as open_clip has them, the parts of a block as CLIP.
template <class S, class V>
void visit_tensors(SiglipVisionWeights<S>& w, const TowersConfig& c,
                   const Scope<V>& root) {
  const auto& stack = c.vision;
  const auto at = root / "visual" / "trunk";
  (at / "patch_embed" / "proj")
      .product("weight", "bias", w.patches, {stack.width, 3, c.patch, c.patch});
  at.tensor("pos_embed", w.positions, {1, c.image_rows(), stack.width});
  visit_tensors(w.stack, stack, clip_block_names, at / "blocks");
  visit_tensors(w.norm_post, stack.width, at / "norm");
  visit_tensors(w.pool, stack, at / "attn_pool");
}

template <class S, class V>
void visit_tensors(SiglipTextWeights<S>& w, const TowersConfig& c,
                   const Scope<V>& root) {
  const auto& stack = c.text;
  const auto at = root / "text";
  at.tensor("token_embedding.weight", w.tokens, {c.vocabulary, stack.width});
  at.tensor("positional_embedding", w.positions, {c.context, stack.width});
  visit_tensors(w.stack, stack, clip_block_names,
                at / "transformer" / "resblocks");
  visit_tensors(w.norm_final, stack.width, at / "ln_final");
  at.linear("text_projection", w.projection, c.width, stack.width);
}

template <class S, class V>
void visit_tensors(SiglipWeights<S>& w, const TowersConfig& c,
                   const Scope<V>& at) {
  visit_tensors(w.vision, c, at);
  visit_tensors(w.text, c, at);
}

/// What the blocks of the image tower start from: [B, P, width].
/// pixels: [B, 3, side, side], normalised.
template <Ops O>
typename O::Tensor image_tokens(const O& ops, const SiglipVisionWeights<O>& w,
                                const TowersConfig& c,
                                const typename O::Tensor& pixels) {
  const auto patches =
      ops.linear(ops.patches(pixels, c.patch), w.patches, Activation::none);
  return ops.add(patches,
                 ops.reshape(w.positions, {c.image_rows(), c.vision.width}));
}

/// The patches after the last norm, [B, P, d].
template <Ops O>
typename O::Tensor image_local(const O& ops, const SiglipVisionWeights<O>& w,
                               const TowersConfig& c,
                               const typename O::Tensor& pixels) {
  const auto x =
      run_blocks(ops, w.stack, c.vision, image_tokens(ops, w, c, pixels),
                 c.vision.layers, Visibility::all, nullptr);
  return layer_norm(ops, x, w.norm_post, c.vision.eps);
}

/// One row a picture from its patches: [B, P, d] -> [B, d].
template <Ops O>
typename O::Tensor pool_patches(const O& ops, const SiglipPoolWeights<O>& w,
                                const StackConfig& c,
                                const typename O::Tensor& patches) {
  const auto batch = patches.shape()[0];
  const auto rows = patches.shape()[1];
  const auto all = ops.concat_tokens({w.probe, patches});
  const auto probes = ops.gather(all, first_rows(batch, 1 + rows));
  const auto q = ops.reshape(ops.linear(probes, w.query, Activation::none),
                             {batch, 1, c.width});
  const auto kv = ops.linear(patches, w.key_value, Activation::none);
  const auto attended = ops.attention(
      q, ops.columns(kv, 0, c.width), ops.columns(kv, c.width, c.width),
      attention_options<O>(c, Visibility::all, nullptr));
  auto x = ops.reshape(ops.linear(attended, w.out_proj, Activation::none),
                       {batch, c.width});
  const auto h =
      ops.linear(layer_norm(ops, x, w.norm, c.eps), w.up, c.activation);
  return ops.linear_add(h, w.down, std::move(x), c.dropout);
}

/// The global feature alone, [B, d].
template <Ops O>
typename O::Tensor image_global(const O& ops, const SiglipVisionWeights<O>& w,
                                const TowersConfig& c,
                                const typename O::Tensor& pixels) {
  return pool_patches(ops, w.pool, c.vision, image_local(ops, w, c, pixels));
}

/// What the blocks of the text tower start from: [B, T, width].
template <Ops O>
typename O::Tensor text_tokens(const O& ops, const SiglipTextWeights<O>& w,
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
typename O::Tensor text_features(const O& ops, const SiglipTextWeights<O>& w,
                                 const TowersConfig& c,
                                 const typename O::Tensor& x) {
  const auto h = layer_norm(ops, x, w.norm_final, c.text.eps);
  return ops.linear(h, w.projection, Activation::none);
}

/// All rows of the text tower, [B, T, d].
template <Ops O>
typename O::Tensor text_local(const O& ops, const SiglipTextWeights<O>& w,
                              const TowersConfig& c, const TokenBatch& tokens) {
  const auto x =
      run_blocks(ops, w.stack, c.text, text_tokens(ops, w, c, tokens),
                 c.text.layers, Visibility::all, nullptr);
  return text_features(ops, w, c, x);
}

/// The global features alone, [B, d]: the last block computes the last row of
/// each text.
template <Ops O>
typename O::Tensor text_global(const O& ops, const SiglipTextWeights<O>& w,
                               const TowersConfig& c,
                               const TokenBatch& tokens) {
  auto x = run_blocks(ops, w.stack, c.text, text_tokens(ops, w, c, tokens),
                      c.text.layers - 1, Visibility::all, nullptr);
  x = last_block_rows(ops, w.stack, c.text, x, global_rows(tokens), nullptr);
  x = ops.reshape(x, {tokens.count, c.text.width});
  return text_features(ops, w, c, x);
}

template <Ops O>
void split_last_blocks(const O& ops, SiglipWeights<O>& w,
                       const TowersConfig& c) {
  split_last_block(ops, w.vision.stack, c.vision);
  split_last_block(ops, w.text.stack, c.text);
  auto& pool = w.vision.pool;
  pool.query = ops.select_outputs(pool.in_proj, 0, c.vision.width);
  pool.key_value =
      ops.select_outputs(pool.in_proj, c.vision.width, 2 * c.vision.width);
}

}  // namespace igrot
