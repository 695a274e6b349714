// Start values of layers that no checkpoint brings.
// Source: method.md 7 for fusion and heads (PyTorch's defaults, transformers'
// T5 initialisation); OpenAI's CLIP for towers from nothing.
#pragma once

#include <cstdint>

#include "models/model.h"

namespace igrot {

/// The numbers of one tensor of a model, drawn by seed and name: the same
/// whatever other tensors are drawn. Equal places of the fusion's layers get
/// equal numbers, as copies.
Tensor fresh_tensor(const TensorSpec& spec, const ModelConfig& config,
                    std::uint64_t seed);

/// CLIP's temperature at its start: ln(1 / 0.07).
float fresh_logit_scale();

}  // namespace igrot
