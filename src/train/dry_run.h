// What a training run would find, without running it.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "data/validation_set.h"
#include "igrot/runtime.h"
#include "train/samples.h"

namespace igrot {

/// The files of a set of pictures, none twice, in order of first appearance.
struct PictureCheck {
  std::size_t different = 0;
  std::vector<std::filesystem::path> missing;  ///< no regular file is there
};

struct DryRun {
  Samples samples;
  std::size_t batches = 0;  ///< of an epoch: an incomplete one is dropped
  std::size_t steps = 0;    ///< of the whole run
  PictureCheck pictures;
  std::vector<std::size_t> wordless;  ///< samples whose text is blank
  std::optional<ValidationSet> validation;
  PictureCheck validation_pictures;  ///< of its gallery and its queries
  bool interrupted = false;          ///< by `progress`: not every file was seen
};

/// Whether a text is empty or nothing but white space.
bool is_blank(std::string_view text);

/// Reads the samples and the validation set of a configuration and looks for
/// their files, without opening one. progress counts files. Throws Error: as
/// reading data.
DryRun inspect_training(const TrainConfig& config,
                        const Progress& progress = {});

}  // namespace igrot
