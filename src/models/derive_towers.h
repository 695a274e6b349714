// Hyper-parameters of the towers, family by family.
#pragma once

#include <string>
#include <string_view>

#include "models/model_files.h"
#include "models/tensor_source.h"
#include "models/towers_config.h"

namespace igrot {

/// Whose towers the tensors are; CLIP's where neither.
bool is_blip(const TensorSource& source);
bool is_siglip(const TensorSource& source);

/// The towers of a model. Throws Error: corrupt, unsupported.
TowersConfig derive_towers(const TensorSource& source,
                           const ConfigHints& hints);

/// The stack below `prefix`, without heads; `up` is the first product of a
/// block's MLP. Throws Error: corrupt.
StackConfig derive_stack(const TensorSource& source, const std::string& prefix,
                         std::string_view up, std::size_t width);

/// Heads of a tower of that width where no configuration says otherwise: as in
/// all published models. Throws Error: unsupported (no whole number of heads).
std::size_t usual_heads(std::size_t width, bool is_vision,
                        std::string_view tower);

}  // namespace igrot
