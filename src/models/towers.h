// The two towers of a model, of whichever family: pictures and ids in, features
// of width d out.
#pragma once

#include <variant>

#include "base/fail.h"
#include "models/blip.h"
#include "models/clip.h"
#include "models/siglip.h"

namespace igrot {

template <class S>
struct TowerWeights {
  std::variant<ClipWeights<S>, BlipWeights<S>, SiglipWeights<S>> family;
};

template <class Towers, class S>
void hold_towers(TowerWeights<S>& w) {
  if (!std::holds_alternative<Towers>(w.family))
    w.family.template emplace<Towers>();
}

template <class S, class V>
void visit_tensors(TowerWeights<S>& w, const TowersConfig& c,
                   const Scope<V>& at) {
  switch (c.family) {
    case Family::clip:
      hold_towers<ClipWeights<S>>(w);
      break;
    case Family::blip:
      hold_towers<BlipWeights<S>>(w);
      break;
    case Family::siglip:
      hold_towers<SiglipWeights<S>>(w);
      break;
  }
  std::visit([&](auto& towers) { visit_tensors(towers, c, at); }, w.family);
}

/// What cuts texts for a family's text tower. Throws Error: unsupported
/// (SigLIP's vocabulary is a file beside the weights).
inline Tokenizer tokenizer_of(Family family) {
  if (family == Family::siglip)
    fail(ErrorKind::unsupported, "SigLIP has no tokenizer of its own");
  return family == Family::blip ? Tokenizer::bert() : Tokenizer::clip();
}

/// An image tower whose first row, of a class token, is the global feature.
template <class Vision>
concept HasClassToken = requires(const Vision& w) {
  w.class_token;
};

template <Ops O, HasClassToken Vision>
typename O::Tensor image_local(const O& ops, const Vision& w,
                               const TowersConfig& c,
                               const typename O::Tensor& pixels) {
  auto x = image_tokens(ops, w, c, pixels);
  x = run_blocks(ops, w.stack, c.vision, std::move(x), c.vision.layers,
                 Visibility::all, nullptr);
  return image_features(ops, w, c, x);
}

/// The last block computes one row.
template <Ops O, HasClassToken Vision>
typename O::Tensor image_global(const O& ops, const Vision& w,
                                const TowersConfig& c,
                                const typename O::Tensor& pixels) {
  auto x = image_tokens(ops, w, c, pixels);
  x = run_blocks(ops, w.stack, c.vision, std::move(x), c.vision.layers - 1,
                 Visibility::all, nullptr);
  const auto rows = first_rows(x.shape()[0], c.image_rows());
  x = last_block_rows(ops, w.stack, c.vision, x, rows, nullptr);
  x = ops.reshape(x, {rows.size(), c.vision.width});
  return image_features(ops, w, c, x);
}

/// All rows of the image tower: [B, 1+P, d], row 0 the global feature; of
/// SigLIP [B, P, d], the patches alone.
/// pixels: [B, 3, side, side], normalised.
template <Ops O>
typename O::Tensor image_local(const O& ops, const TowerWeights<O>& weights,
                               const TowersConfig& c,
                               const typename O::Tensor& pixels) {
  return std::visit(
      [&](const auto& towers) {
        return image_local(ops, towers.vision, c, pixels);
      },
      weights.family);
}

/// The global feature alone, [B, d].
template <Ops O>
typename O::Tensor image_global(const O& ops, const TowerWeights<O>& weights,
                                const TowersConfig& c,
                                const typename O::Tensor& pixels) {
  return std::visit(
      [&](const auto& towers) {
        return image_global(ops, towers.vision, c, pixels);
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
