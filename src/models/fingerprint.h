// What tells two models apart, whatever container they came in.
#pragma once

#include <string>

#include "models/model.h"
#include "models/tensor_source.h"

namespace igrot {

/// SHA-256 of a text: the line "activation NAME", then for every tensor, in
/// canonical order, the line "NAME SHAPE SHA256", the last of its float32
/// numbers, little endian. Tensors are hashed by up to `threads` threads.
/// Throws Error: corrupt.
std::string fingerprint(const TensorSource& source, const ModelConfig& config,
                        std::size_t threads);

}  // namespace igrot
