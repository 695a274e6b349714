// What `igrot embed` reads: pictures or pixels, texts, or pairs of both, handed
// out in batches so that memory stays bounded.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/ahead.h"
#include "formats/npy.h"
#include "igrot/image.h"
#include "igrot/tensor.h"

namespace igrot::app {

/// Where the parts come from; empty strings are not given.
struct InputFiles {
  std::string images;
  std::string texts;
  std::string pairs;
  std::string pixels;
};

struct Needs {
  bool pictures = false;
  bool texts = false;
};

/// Rows in step: the i-th picture goes with the i-th text.
struct Inputs {
  std::vector<std::string> images;  ///< paths; empty when `pixels` is there
  std::optional<StoredTensor> pixels;
  std::vector<std::string> texts;
  std::size_t count = 0;
};

/// Reads the lists. Throws Error: usage (a part is missing, given twice or not
/// needed, or the parts differ in length), not_found, corrupt, io.
Inputs read_inputs(const InputFiles& files, Needs needs);

/// Batches [B, 3, side, side] of the pictures in order, prepared ahead on
/// worker threads.
class PixelBatches {
 public:
  /// Throws Error: usage (pixels of another side).
  PixelBatches(const Inputs& inputs, const OpenOptions& open,
               const Preprocess& preprocess, std::size_t threads,
               std::size_t batch);

  /// The next `count` pictures. Throws Error, naming the file.
  Tensor next(std::size_t count);

 private:
  Tensor prepare_file(std::size_t i) const;
  Tensor slice(std::size_t count);

  const Inputs& inputs_;
  OpenOptions open_;
  Preprocess preprocess_;
  std::size_t done_ = 0;
  std::optional<ContiguousBytes> pixels_;
  std::unique_ptr<Ahead<Tensor>> ahead_;
};

}  // namespace igrot::app
