#include "train/objective.h"

#include <numeric>

namespace igrot {
namespace {

constexpr double logit_factor = 100;  // method.md 7

TorchTensor query_vectors(const TorchOps& ops, const Parameters& parameters,
                          const ModelConfig& config, const ComposedBatch& batch,
                          Mask mask) {
  const auto& w = parameters.weights;
  const bool added = mask != Mask::boolean;
  const auto tokens = added ? batch.texts : cut_padding(batch.texts);
  const auto& cached = batch.cached.reference_local;
  const auto& texts = batch.cached_texts;
  const auto length = static_cast<std::int64_t>(tokens.length);
  const FusionInput<TorchOps> in{
      .text_local = texts.defined() ? TorchTensor(texts.narrow(1, 0, length))
                                    : distinct_text_local(
                                          ops, w.towers, config.towers, tokens),
      .image_local = cached.defined()
                         ? TorchTensor(cached)
                         : image_local(ops, w.towers, config.towers,
                                       TorchTensor(batch.reference)),
      .tokens = &tokens};
  return fuse(ops, w.transagg, *config.transagg, in,
              added ? Mask::added : Mask::boolean)
      .query;
}

/// The feature of "", once for all targets: [B, d].
TorchTensor empty_features(const TorchOps& ops, const Parameters& parameters,
                           const ModelConfig& config,
                           const ComposedBatch& batch) {
  const auto one = text_global(ops, parameters.weights.towers, config.towers,
                               cut_padding(batch.empty));
  const std::vector<std::size_t> rows(batch.texts.count, 0);
  return ops.gather(one, rows);
}

TorchTensor target_vectors(const TorchOps& ops, const Parameters& parameters,
                           const ModelConfig& config,
                           const ComposedBatch& batch, Target target) {
  const auto& w = parameters.weights;
  const auto& cached = batch.cached.target;
  const auto image = cached.defined()
                         ? TorchTensor(cached)
                         : image_global(ops, w.towers, config.towers,
                                        TorchTensor(batch.target));
  if (target == Target::original) return ops.normalize(image);
  const auto empty = empty_features(ops, parameters, config, batch);
  if (target == Target::sum)
    return ops.add(ops.normalize(image), ops.normalize(empty));
  return union_vectors(ops, w.union_head, *config.union_head, image, empty);
}

/// Mean of both directions.
at::Tensor symmetric_loss(const at::Tensor& logits) {
  return (diagonal_loss(logits) + diagonal_loss(logits.t())) / 2;
}

/// [B, B]: 0, and minus infinity where two different samples have equal words.
at::Tensor equal_words(const TokenBatch& texts,
                       std::span<const std::int64_t> samples) {
  const auto rows = distinct_texts(texts).rows;
  const auto count = static_cast<std::int64_t>(samples.size());
  auto mask = at::zeros({count, count}, at::kFloat);
  auto cells = mask.accessor<float, 2>();
  for (std::int64_t i = 0; i < count; ++i)
    for (std::int64_t j = 0; j < count; ++j) {
      const auto a =
          static_cast<std::size_t>(samples[static_cast<std::size_t>(i)]);
      const auto b =
          static_cast<std::size_t>(samples[static_cast<std::size_t>(j)]);
      if (i != j && rows[a] == rows[b]) cells[i][j] = -INFINITY;
    }
  return mask;
}

}  // namespace

at::Tensor composed_logits(const TorchOps& ops, const Parameters& parameters,
                           const ModelConfig& config,
                           const ComposedBatch& batch, Target target,
                           Mask mask) {
  const auto queries =
      query_vectors(ops, parameters, config, batch, mask).value();
  const auto gallery =
      target_vectors(ops, parameters, config, batch, target).value();
  return logit_factor * at::matmul(queries, gallery.t());
}

at::Tensor diagonal_loss(const at::Tensor& logits) {
  return -at::log_softmax(logits, 1).diagonal().mean();
}

at::Tensor clip_loss(const TorchOps& ops, const Parameters& parameters,
                     const ModelConfig& config, const ClipBatch& batch,
                     double other_weight) {
  const auto& w = parameters.weights.towers;
  const auto encode = [&](const at::Tensor& pixels) {
    return ops
        .normalize(image_global(ops, w, config.towers, TorchTensor(pixels)))
        .value();
  };
  const auto images = encode(batch.image);
  const auto texts = ops.normalize(text_global(ops, w, config.towers,
                                               cut_padding(batch.texts)))
                         .value();
  const auto factor = parameters.temperature().value.exp();
  std::vector<std::int64_t> all(batch.texts.count);
  std::iota(all.begin(), all.end(), std::int64_t{0});
  const auto masked = [&](const at::Tensor& a, const at::Tensor& b,
                          std::span<const std::int64_t> samples) {
    return factor * at::matmul(a, b.t()) +
           equal_words(batch.texts, samples).to(a.device());
  };
  const auto loss = symmetric_loss(masked(images, texts, all));
  if (batch.has_other.empty() || other_weight <= 0) return loss;
  const auto others = encode(batch.other);
  const auto index = at::tensor(batch.has_other, at::kLong).to(images.device());
  const auto between = [&](const at::Tensor& a) {
    return symmetric_loss(
        masked(a.index_select(0, index), others, batch.has_other));
  };
  return loss + other_weight * (between(images) + between(texts));
}

}  // namespace igrot
