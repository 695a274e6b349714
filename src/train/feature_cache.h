// Features of frozen towers, computed once before the first step. Batches have
// the same size and order in every run, so features are the same bit for bit
// however often a run is resumed.
#pragma once

#include <map>
#include <span>

#include "formats/stored_tensor.h"
#include "train/objective.h"
#include "train/samples.h"
#include "train/training.h"

namespace igrot {

/// Rows of numbers in a file, for features that memory may not hold.
class FeatureFile {
 public:
  FeatureFile() = default;
  FeatureFile(const std::filesystem::path& path, const Shape& row);

  void append(const at::Tensor& rows);
  void finish();

  /// [n, row...]
  at::Tensor rows(std::span<const std::size_t> numbers) const;

 private:
  std::filesystem::path path_;
  Shape row_;
  std::shared_ptr<class NpyWriter> writer_;
  std::optional<ContiguousBytes> bytes_;
};

class FeatureCache {
 public:
  struct Source {
    const Samples& samples;
    const PictureReading& reading;
    const Parameters& parameters;
    const ModelConfig& config;
    TorchOptions torch;
    std::size_t batch_size = 32;
    bool texts = false;  ///< the text tower is frozen too
    std::function<TokenBatch(std::span<const std::string>)> tokenize;
  };

  /// Encodes every different picture (and text) of the samples. folder: for
  /// its files. Throws Error: io; and `interrupted` is set when hooks.stage
  /// asks to stop.
  FeatureCache(const Source& source, const std::filesystem::path& folder,
               const TrainHooks& hooks);

  bool was_interrupted() const { return interrupted_; }

  /// Why a sample cannot be used; empty: it can.
  const std::string& problem(std::size_t sample) const;

  CachedImages images(std::span<const std::size_t> samples) const;

  /// [n, T, d]; undefined where the text tower learns.
  at::Tensor texts(std::span<const std::size_t> samples) const;

 private:
  void encode_references(const Source& source, const TrainHooks& hooks);
  void encode_targets(const Source& source, const TrainHooks& hooks);
  void encode_texts(const Source& source, const TrainHooks& hooks);

  FeatureFile references_;
  FeatureFile targets_;
  FeatureFile texts_;
  bool has_texts_ = false;
  bool interrupted_ = false;
  std::vector<std::size_t> reference_rows_;  ///< of each sample
  std::vector<std::size_t> target_rows_;
  std::vector<std::size_t> text_rows_;
  std::vector<std::string> problems_;
};

}  // namespace igrot
