// Hyper-parameters from what a file holds: tensor shapes first, and a
// configuration beside it for what shapes do not show.
#pragma once

#include <optional>
#include <string>

#include "igrot/runtime.h"
#include "models/derive_towers.h"
#include "models/model.h"
#include "models/model_files.h"
#include "models/tensor_source.h"

namespace igrot {

/// The configuration of a model, QuickGELU in both towers of a CLIP; every
/// tensor it asks for is checked. side: of the pictures, if not what the
/// positions were trained for (BLIP interpolates them). Throws Error: corrupt,
/// unsupported, usage (such a side).
ModelConfig derive_config(const TensorSource& source, const ConfigHints& hints,
                          std::optional<std::size_t> side = {});

/// Whether a model takes pictures of that side: its own, or for BLIP any
/// multiple of its patches up to 4096.
bool takes_side(const TowersConfig& c, std::size_t side);

/// Names of the towers' GELU, as transformers spells them.
inline constexpr std::array activations{
    Named{Activation::quick_gelu, "quick_gelu"},
    Named{Activation::gelu, "gelu"},
    Named{Activation::gelu_tanh, "gelu_pytorch_tanh"}};

/// The towers' GELU: `wanted`, else what the files say, else QuickGELU with a
/// warning, SigLIP's its tanh form without one; BLIP's is GELU. Throws Error:
/// usage, unsupported (other names).
Activation choose_activation(const std::optional<std::string>& wanted,
                             const ModelFiles& files,
                             const TensorSource& source,
                             const Runtime& runtime);

/// The towers of `config` with that GELU.
void set_activation(ModelConfig& config, Activation activation);

}  // namespace igrot
