// What a Retriever holds; its sources share it.
#pragma once

#include <mutex>

#include "igrot/retriever.h"
#include "igrot/tokenizer.h"
#include "models/encoder.h"
#include "models/model_files.h"
#include "models/tensor_source.h"

namespace igrot {

struct Retriever::Impl {
  ModelFiles files;
  TensorSource source;
  ModelConfig config;
  ModelInfo info;
  std::size_t threads = 1;
  std::unique_ptr<Encoder> encoder;
  mutable std::once_flag fingerprint_once;
  mutable std::string fingerprint;
  mutable std::once_flag tokenizer_once;
  mutable std::optional<Tokenizer> found_tokenizer;

  Impl(ModelFiles model_files, const LoadOptions& options);

  // Inputs of one batch: at most `batch_rows` rows of the towers, enough to
  // keep the processor busy, little enough to keep memory in bounds.
  static constexpr std::size_t batch_rows = 3200;
  std::size_t pictures_at_once() const {
    return std::max<std::size_t>(1, batch_rows / config.towers.image_rows());
  }
  std::size_t texts_at_once() const {
    return std::max<std::size_t>(1, batch_rows / config.towers.context);
  }
  std::size_t pairs_at_once() const {
    return std::max<std::size_t>(
        1, batch_rows / (config.towers.context + config.towers.image_rows()));
  }

  void check_pixels(const Tensor& pixels) const;
  void check_pairs(const Tensor& pixels,
                   const std::vector<std::string>& texts) const;
  void need_fusion() const;
  void need_union_head() const;

  /// Looked for when first asked for: pictures need none.
  const Tokenizer& tokenizer() const;
  TokenBatch tokenize(const std::string* texts, std::size_t count) const;
  Tensor image(const Tensor& pixels) const;
  Tensor text(const std::vector<std::string>& texts) const;
  Tensor stacked(const std::vector<const Tensor*>& pictures) const;
};

}  // namespace igrot
