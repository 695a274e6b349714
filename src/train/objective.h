// What a step minimises. Source: method.md 7 and 9.
#pragma once

#include "models/token_batch.h"
#include "train/parameters.h"

namespace igrot {

/// Features of a frozen image tower; undefined where it runs.
struct CachedImages {
  at::Tensor reference_local;  ///< [B, 1+P, d]
  at::Tensor target;           ///< [B, d]
};

/// One batch of mode `composed`.
struct ComposedBatch {
  at::Tensor reference;     ///< pixels [B, 3, side, side]
  at::Tensor target;        ///< likewise
  CachedImages cached;      ///< instead of pixels
  at::Tensor cached_texts;  ///< [B, T, d] of a frozen text tower, or undefined
  TokenBatch texts;
  TokenBatch empty;  ///< the ids of "", one row
};

/// 100 Q T^t, [B, B]. `mask` automatic: added, as the reference trains.
at::Tensor composed_logits(const TorchOps& ops, const Parameters& parameters,
                           const ModelConfig& config,
                           const ComposedBatch& batch, Target target,
                           Mask mask);

/// Cross entropy of the rows against the diagonal.
at::Tensor diagonal_loss(const at::Tensor& logits);

/// One batch of mode `clip`.
struct ClipBatch {
  at::Tensor image;  ///< pixels [B, 3, side, side]
  at::Tensor other;  ///< pixels of the samples that have another drawing
  std::vector<std::int64_t> has_other;  ///< which samples these are
  TokenBatch texts;
};

/// Mean of picture -> words and words -> picture at the learned temperature,
/// plus `other_weight` times the same between the other drawing and both: the
/// first drawing, the words. Samples with equal words are no negatives of each
/// other.
at::Tensor clip_loss(const TorchOps& ops, const Parameters& parameters,
                     const ModelConfig& config, const ClipBatch& batch,
                     double other_weight);

}  // namespace igrot
