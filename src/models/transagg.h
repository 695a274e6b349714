// TransAgg: picture and words become one query vector.
// Source: method.md 4, and 9 item 3 for the mask.
#pragma once

#include "igrot/settings.h"
#include "models/blocks.h"
#include "models/token_batch.h"

namespace igrot {

struct TransAggConfig {
  StackConfig fusion;            ///< of width d
  std::size_t hidden_width = 0;  ///< between combiner and output layer: 8d
};

template <class S>
struct TransAggWeights {
  StackWeights<S> fusion;
  typename S::Linear combiner;   ///< 2d -> hidden
  typename S::Linear weighted;   ///< d -> 3
  typename S::Linear output;     ///< hidden -> d
  typename S::Tensor separator;  ///< [1, 1, d]
};

template <class S, class V>
void visit_tensors(TransAggWeights<S>& w, const TransAggConfig& c,
                   const Scope<V>& at) {
  const auto d = c.fusion.width;
  visit_tensors(w.fusion, c.fusion, encoder_layer_names,
                at / "fusion" / "layers");
  at.linear("combiner_layer", w.combiner, c.hidden_width, 2 * d);
  at.linear("weighted_layer", w.weighted, 3, d);
  at.linear("output_layer", w.output, d, c.hidden_width);
  at.tensor("sep_token", w.separator, {1, 1, d});
}

/// What one pair's fusion reads, from the towers.
template <Ops O>
struct FusionInput {
  typename O::Tensor text_local;   ///< [B, T, d]
  typename O::Tensor image_local;  ///< [B, 1+P, d]
  const TokenBatch* tokens;        ///< the ids of text_local
};

template <Ops O>
struct FusionOutput {
  typename O::Tensor fused;    ///< f, [B, d]
  typename O::Tensor weights;  ///< a, b, c, [B, 3]
  typename O::Tensor query;    ///< unit rows, [B, d]
};

/// Where the fusion's masked keys lie: [B, T + 1 + image_rows], to be added to
/// the logits. `automatic` is boolean.
inline Tensor fusion_key_bias(const TokenBatch& tokens, std::size_t image_rows,
                              Mask mask) {
  const auto length = tokens.length + 1 + image_rows;
  Tensor bias({tokens.count, length});
  for (std::size_t i = 0; i < tokens.count; ++i)
    for (std::size_t j = 0; j < tokens.length; ++j)
      if (tokens.is_padding(i, j))
        bias.data()[i * length + j] = mask == Mask::added ? 1 : masked_logit;
  return bias;
}

/// For each pair the flat indices of its image's class token and its text's
/// global row in [B, T + 1 + image_rows].
inline std::vector<std::size_t> fusion_rows(const TokenBatch& tokens,
                                            std::size_t image_rows) {
  const auto ends = global_positions(tokens);
  const auto length = tokens.length + 1 + image_rows;
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < tokens.count; ++i)
    rows.insert(rows.end(),
                {i * length + tokens.length + 1, i * length + ends[i]});
  return rows;
}

/// [L_t ; sep ; L_i].
template <Ops O>
typename O::Tensor fusion_sequence(const O& ops, const TransAggWeights<O>& w,
                                   const FusionInput<O>& in) {
  return ops.concat_tokens({in.text_local, w.separator, in.image_local});
}

/// [m_i ; m_t], [B, 2d]: the last layer computes these two rows a pair.
template <Ops O>
typename O::Tensor fusion_pairs(const O& ops, const TransAggWeights<O>& w,
                                const TransAggConfig& c,
                                const FusionInput<O>& in, Mask mask) {
  const auto image_rows = in.image_local.shape()[1];
  const auto key_bias =
      ops.upload(fusion_key_bias(*in.tokens, image_rows, mask));
  auto x = fusion_sequence(ops, w, in);
  x = run_blocks(ops, w.fusion, c.fusion, std::move(x), c.fusion.layers - 1,
                 Visibility::all, &key_bias);
  x = last_block_rows(ops, w.fusion, c.fusion, x,
                      fusion_rows(*in.tokens, image_rows), &key_bias);
  return ops.reshape(x, {in.tokens->count, 2 * c.fusion.width});
}

/// The same from all rows of the last layer, [B, T + 1 + image_rows, d]: what
/// `fusion_pairs` saves, for comparison.
template <Ops O>
typename O::Tensor fusion_all_rows(const O& ops, const TransAggWeights<O>& w,
                                   const TransAggConfig& c,
                                   const FusionInput<O>& in, Mask mask) {
  const auto key_bias =
      ops.upload(fusion_key_bias(*in.tokens, in.image_local.shape()[1], mask));
  return run_blocks(ops, w.fusion, c.fusion, fusion_sequence(ops, w, in),
                    c.fusion.layers, Visibility::all, &key_bias);
}

/// From [m_i ; m_t] to the query vector.
template <Ops O>
FusionOutput<O> combine_pairs(const O& ops, const TransAggWeights<O>& w,
                              const TransAggConfig& c, const FusionInput<O>& in,
                              const typename O::Tensor& pairs) {
  const auto text = ops.gather(in.text_local, global_rows(*in.tokens));
  const auto image = ops.gather(
      in.image_local, first_rows(in.tokens->count, in.image_local.shape()[1]));
  const auto hidden = ops.dropout(
      ops.linear(pairs, w.combiner, Activation::relu), c.fusion.dropout);
  auto fused = ops.linear(hidden, w.output, Activation::none);
  auto weights = ops.linear(fused, w.weighted, Activation::none);
  auto query = ops.normalize(ops.combine(weights, {text, fused, image}));
  return {std::move(fused), std::move(weights), std::move(query)};
}

template <Ops O>
FusionOutput<O> fuse(const O& ops, const TransAggWeights<O>& w,
                     const TransAggConfig& c, const FusionInput<O>& in,
                     Mask mask) {
  return combine_pairs(ops, w, c, in, fusion_pairs(ops, w, c, in, mask));
}

}  // namespace igrot
