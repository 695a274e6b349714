// Models into files, under the names of the reference's state dict.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

#include "models/foreign_tensors.h"
#include "models/model.h"
#include "models/tensor_source.h"
#include "tensor/dtype.h"

namespace igrot {

/// A model's numbers, asked for by name.
struct ModelNumbers {
  std::function<Tensor(const TensorSpec&)> read;
  std::optional<float> logit_scale;
  std::vector<CarriedTensor> carried;
  std::optional<float> logit_bias{};  ///< SigLIP's
};

/// The learned temperature of contrastive training, as CLIP keeps it: the
/// logarithm of what multiplies cosines. No part of `list_tensors`, for only
/// training reads it.
inline constexpr std::string_view logit_scale_name = "logit_scale";

/// That of a model's files; BLIP's `temp` is what divides cosines. Throws
/// Error: corrupt.
std::optional<float> read_logit_scale(const TensorSource& source);

/// What SigLIP's training adds to cosines, multiplied. Throws Error: corrupt.
inline constexpr std::string_view logit_bias_name = "logit_bias";
std::optional<float> read_logit_bias(const TensorSource& source);

/// What the reference's BLIP loader needs besides the model: momentum copies,
/// queues, the matching head. Empty for CLIP. Throws Error: corrupt.
std::vector<CarriedTensor> carried_tensors(const TensorSource& source,
                                           const ModelConfig& config);

/// Throws Error: usage unless the name ends in .safetensors, .pth or .pt.
void check_model_name(const std::filesystem::path& path);

/// Writes a `.safetensors` file, which remembers the activation, or a `.pth` or
/// `.pt` file for torch.load; dtype: f32, f16 or bf16. Holds the whole model in
/// memory. Throws Error: usage (another ending or type), io.
void write_model(const std::filesystem::path& path, const ModelConfig& config,
                 const ModelNumbers& numbers, DType dtype = DType::f32);

/// The numbers of a contrastive loss under the layout's names.
void add_logits(ForeignTensors& tensors, Family family,
                const ModelNumbers& numbers);

/// The name a canonical tensor has in such a file.
std::string foreign_model_name(const ModelConfig& config,
                               std::string_view canonical);

}  // namespace igrot
