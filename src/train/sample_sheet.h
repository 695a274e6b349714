// A page of training samples as the model will see them, for people to look
// at before they train.
#pragma once

#include "igrot/runtime.h"
#include "train/samples.h"

namespace igrot {

struct SheetOptions {
  std::size_t side = 224;  ///< of the model's squares
  std::size_t count = 24;  ///< at most so many, evenly spread over all
  Runtime runtime;         ///< whose threads read pictures
};

/// Writes one HTML file that needs nothing else: pictures after padding and
/// cropping, their words and, where [augment] is on, the views of the first
/// two epochs. A picture that cannot be read shows why. Throws Error: io.
void write_sample_sheet(const std::filesystem::path& page,
                        const TrainConfig& config, const Samples& samples,
                        const SheetOptions& options = {});

}  // namespace igrot
