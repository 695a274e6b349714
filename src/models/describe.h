// What a checkpoint holds, in words: its layout and its hyper-parameters.
#pragma once

#include <optional>
#include <string>

#include "formats/checkpoint.h"
#include "models/model.h"
#include "models/model_files.h"
#include "models/tensor_source.h"

namespace igrot {

/// The layout's name: "openai", "huggingface", "open_clip", "transagg",
/// "union".
std::string layout_name(const TensorSource& source, const ConfigHints& hints);

/// Hyper-parameters as a JSON object, for people and programs.
std::string describe_config(const ModelConfig& config);

struct ModelDescription {
  std::optional<std::string> layout;  ///< unset: none that igrot knows
  std::optional<std::string> config;  ///< JSON; unset: unknown or damaged
};

/// Never throws on account of what the files hold. A checkpoint by itself has
/// no configuration beside it: what that would tell is guessed from the
/// tensors.
ModelDescription describe_model(const Checkpoint& checkpoint);
ModelDescription describe_model(const ModelFiles& files);

}  // namespace igrot
