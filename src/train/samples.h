// The samples of a run, whatever its mode, and their pictures read ahead.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "data/training_set.h"
#include "train/config.h"

namespace igrot {

/// Mode `composed`: reference, words, target. Mode `clip`: picture, words,
/// perhaps another drawing.
struct Sample {
  std::filesystem::path picture;
  std::string text;
  std::optional<std::filesystem::path> second;
};

struct Samples {
  std::string name;
  PictureRecipe recipe;
  std::vector<Sample> list;
};

/// What [data] says. Throws Error: usage (no samples), and as reading data.
Samples read_samples(const TrainConfig& config);

/// How pictures become pixels.
struct PictureReading {
  Preprocess preprocess;
  PictureRecipe recipe;
  Augment augment;
  std::uint64_t seed = 0;

  /// The square of a file, without augmentation. Throws Error, naming it.
  Image square(const std::filesystem::path& file) const;

  /// A random view of it, the same for equal epoch, sample and slot.
  Image view(const std::filesystem::path& file, std::size_t epoch,
             std::size_t sample, std::size_t slot) const;

  Tensor pixels(const Image& square) const {
    return square_pixels(square, preprocess, recipe);
  }
};

PictureReading picture_reading(const TrainConfig& config,
                               const Samples& samples, std::size_t side);

/// A sample's squares, or why there are none.
struct LoadedSample {
  std::size_t sample = 0;
  std::optional<Image> picture;
  std::optional<Image> second;
  std::string problem;  ///< empty: none
};

/// Reads samples in the order of an epoch, on worker threads ahead of the
/// steps; memory is bounded by `window` samples.
class SampleLoader {
 public:
  struct Options {
    std::size_t epoch = 0;
    std::size_t threads = 1;
    std::size_t window = 1;
  };

  /// `order` holds indices into `samples`; both must outlive the loader.
  SampleLoader(const Samples& samples, const PictureReading& reading,
               std::span<const std::size_t> order, const Options& options);
  ~SampleLoader();

  /// Nothing after the last.
  std::optional<LoadedSample> next();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace igrot
