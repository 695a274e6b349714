// The two towers of a model, of whichever family: pictures and ids in, features
// of width d out.
#pragma once

#include <variant>

#include "models/blip.h"
#include "models/clip.h"

namespace igrot {

template <class S>
struct TowerWeights {
  std::variant<ClipWeights<S>, BlipWeights<S>> family;
};

template <class S, class V>
void visit_tensors(TowerWeights<S>& w, const TowersConfig& c,
                   const Scope<V>& at) {
  const bool is_blip = c.family == Family::blip;
  if (is_blip && !std::holds_alternative<BlipWeights<S>>(w.family))
    w.family.template emplace<BlipWeights<S>>();
  if (!is_blip && !std::holds_alternative<ClipWeights<S>>(w.family))
    w.family.template emplace<ClipWeights<S>>();
  std::visit([&](auto& towers) { visit_tensors(towers, c, at); }, w.family);
}

/// What cuts texts for a family's text tower.
inline Tokenizer tokenizer_of(Family family) {
  return family == Family::blip ? Tokenizer::bert() : Tokenizer::clip();
}

/// All rows of the image tower, [B, 1+P, d]. Row 0 is the global feature.
/// pixels: [B, 3, side, side], normalised.
template <Ops O>
typename O::Tensor image_local(const O& ops, const TowerWeights<O>& weights,
                               const TowersConfig& c,
                               const typename O::Tensor& pixels) {
  return std::visit(
      [&](const auto& towers) {
        const auto& w = towers.vision;
        auto x = image_tokens(ops, w, c, pixels);
        x = run_blocks(ops, w.stack, c.vision, std::move(x), c.vision.layers,
                       Visibility::all, nullptr);
        return image_features(ops, w, c, x);
      },
      weights.family);
}

/// The global feature alone, [B, d]: the last block computes one row.
template <Ops O>
typename O::Tensor image_global(const O& ops, const TowerWeights<O>& weights,
                                const TowersConfig& c,
                                const typename O::Tensor& pixels) {
  return std::visit(
      [&](const auto& towers) {
        const auto& w = towers.vision;
        auto x = image_tokens(ops, w, c, pixels);
        x = run_blocks(ops, w.stack, c.vision, std::move(x),
                       c.vision.layers - 1, Visibility::all, nullptr);
        const auto rows = first_rows(x.shape()[0], c.image_rows());
        x = last_block_rows(ops, w.stack, c.vision, x, rows, nullptr);
        x = ops.reshape(x, {rows.size(), c.vision.width});
        return image_features(ops, w, c, x);
      },
      weights.family);
}

/// All rows of the text tower, [B, T, d].
template <Ops O>
typename O::Tensor text_local(const O& ops, const TowerWeights<O>& weights,
                              const TowersConfig& c, const TokenBatch& tokens) {
  return std::visit(
      [&](const auto& towers) {
        return text_local(ops, towers.text, c, tokens);
      },
      weights.family);
}

/// The same where a text may come more than once: each is encoded once.
template <Ops O>
typename O::Tensor distinct_text_local(const O& ops,
                                       const TowerWeights<O>& weights,
                                       const TowersConfig& c,
                                       const TokenBatch& tokens) {
  const auto distinct = distinct_texts(tokens);
  const auto local = text_local(ops, weights, c, distinct.tokens);
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
typename O::Tensor text_global(const O& ops, const TowerWeights<O>& weights,
                               const TowersConfig& c,
                               const TokenBatch& tokens) {
  return std::visit(
      [&](const auto& towers) {
        return text_global(ops, towers.text, c, tokens);
      },
      weights.family);
}

template <Ops O>
void split_last_blocks(const O& ops, TowerWeights<O>& w,
                       const TowersConfig& c) {
  std::visit([&](auto& towers) { split_last_blocks(ops, towers, c); },
             w.family);
}

}  // namespace igrot
