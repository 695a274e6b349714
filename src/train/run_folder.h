// The folder of a run: what lies where, and who may write there.
#pragma once

#include <filesystem>
#include <map>
#include <optional>

#include "train/parameters.h"
#include "train/training.h"

namespace igrot {

/// What validations have found so far: scores by epoch.
struct Scores {
  std::map<std::size_t, double> by_epoch;

  /// The epoch of the highest score above 0, the first if it comes twice.
  std::optional<std::size_t> best_epoch() const;
  /// Validations since then.
  std::size_t since_best() const;
};

class RunFolder {
 public:
  /// Writes nothing. Throws Error: usage (a run is there and `resume` is off;
  /// with `resume`, a configuration that would give other numbers), io.
  explicit RunFolder(const TrainRequest& request);

  /// Makes the folder and writes config.toml: from now on it holds a run.
  /// Throws Error: io.
  void begin() const;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path states() const { return path_ / "state"; }
  std::filesystem::path last() const { return path_ / "last.safetensors"; }
  std::filesystem::path best() const { return path_ / "best.safetensors"; }

  /// last.safetensors and last.pth.
  void write_last(const Parameters& parameters,
                  const ModelConfig& config) const;

  /// best.* become what last.* are.
  void promote() const;

  /// checkpoints/step-NNNNNNNN.* become what last.* are; of older ones there,
  /// `keep` in all stay.
  void keep_checkpoint(std::size_t step, std::size_t keep) const;

  /// gradients-N.safetensors, under the names of the state dict; parameters
  /// without gradient are left out.
  void write_gradients(std::size_t step, const Parameters& parameters,
                       const ModelConfig& config) const;

  Scores read_scores() const;
  void write_scores(const Scores& scores) const;

 private:
  std::filesystem::path path_;
  std::string config_;  ///< as TOML
};

}  // namespace igrot
