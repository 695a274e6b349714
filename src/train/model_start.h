// The model a run starts from: a checkpoint's tensors, with what it lacks drawn
// anew, or everything drawn anew.
#pragma once

#include <map>
#include <span>
#include <string>

#include "igrot/runtime.h"
#include "models/model.h"
#include "models/tensor_source.h"
#include "train/config.h"

namespace igrot {

struct StartedModel {
  ModelConfig config;  ///< with the dropout of training
  std::map<std::string, Tensor, std::less<>> tensors;  ///< canonical names
  float logit_scale = 0;
  std::vector<CarriedTensor> carried;  ///< what no step reads or changes
  std::size_t drawn = 0;               ///< how many tensors are new
};

/// Throws Error: usage (the configuration does not fit the model), and as
/// loading a model.
StartedModel start_model(const TrainConfig& config, const Runtime& runtime);

/// Makes the rows of tokens that none of the texts holds 0: no step changes
/// them, and a word that was never learned says nothing instead of noise.
void silence_absent_tokens(StartedModel& model,
                           std::span<const std::string> texts);

/// Whether a canonical name belongs to the towers, which learn at the
/// backbone's rate, and to the image tower.
bool is_backbone(std::string_view name);
bool is_image_tower(std::string_view name);

}  // namespace igrot
