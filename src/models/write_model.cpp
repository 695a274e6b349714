#include "models/write_model.h"

#include <array>
#include <cmath>
#include <vector>

#include "base/fail.h"
#include "formats/writers.h"
#include "models/derive.h"
#include "models/foreign_tensors.h"
#include "models/layouts.h"
#include "models/model_files.h"

namespace igrot {
namespace {

// method.md 6.
constexpr std::string_view blip_temperature = "temp";

bool is_safetensors(const std::filesystem::path& path) {
  return path.extension() == ".safetensors";
}

/// A tensor that only the layout has whose names the reference gives such a
/// model; of SigLIP, which the reference does not know, transformers'.
std::string_view reference_marker(const ModelConfig& config) {
  if (config.union_head) return "union_weighted_layer.0.weight";
  switch (config.towers.family) {
    case Family::clip:
      return config.transagg ? "pretrained_model.visual.conv1.weight"
                             : "token_embedding.weight";
    case Family::blip:
      return config.transagg ? "pretrained_model.visual_encoder.pos_embed"
                             : "visual_encoder.pos_embed";
    case Family::siglip:
      return siglip_marker;
  }
  return {};
}

const LayoutRow& reference_layout(const ModelConfig& config) {
  return layout_with(reference_marker(config));
}

}  // namespace

void add_logits(ForeignTensors& tensors, Family family,
                const ModelNumbers& numbers) {
  // transformers' SigLIP keeps lists of one.
  const auto shape = family == Family::siglip ? Shape{1} : Shape{};
  const auto add = [&](std::string_view name, std::optional<float> number) {
    if (number) tensors.add(name, Tensor(shape, std::array{*number}));
  };
  add(logit_scale_name, numbers.logit_scale);
  add(logit_bias_name, numbers.logit_bias);
}

namespace {

ForeignTensors reference_tensors(const ModelConfig& config,
                                 const ModelNumbers& numbers, DType dtype) {
  ForeignTensors tensors(reference_layout(config), dtype);
  for (const auto& spec : list_tensors(config))
    tensors.add(spec.name, numbers.read(spec));
  const bool is_blip = config.towers.family == Family::blip;
  if (numbers.logit_scale && is_blip)
    tensors.add(blip_temperature, std::exp(-*numbers.logit_scale));
  if (!is_blip) add_logits(tensors, config.towers.family, numbers);
  for (const auto& [name, tensor] : numbers.carried)
    if (is_blip && name != blip_temperature) tensors.add(name, tensor);
  return tensors;
}

}  // namespace

std::optional<float> read_logit_scale(const TensorSource& source) {
  if (const auto scale = source.scalar(logit_scale_name))
    return scale->values()[0];
  if (const auto temperature = source.scalar(blip_temperature))
    return -std::log(temperature->values()[0]);
  return std::nullopt;
}

std::optional<float> read_logit_bias(const TensorSource& source) {
  const auto bias = source.scalar(logit_bias_name);
  return bias ? std::optional(bias->values()[0]) : std::nullopt;
}

std::vector<CarriedTensor> carried_tensors(const TensorSource& source,
                                           const ModelConfig& config) {
  if (config.towers.family != Family::blip) return {};
  return source.others(list_tensors(config));
}

void check_model_name(const std::filesystem::path& path) {
  const auto ending = path.extension();
  if (!is_safetensors(path) && ending != ".pth" && ending != ".pt")
    fail(ErrorKind::usage,
         "{}: the name of what is written ends in .safetensors, .pth or .pt",
         path.string());
}

void write_model(const std::filesystem::path& path, const ModelConfig& config,
                 const ModelNumbers& numbers, DType dtype) {
  check_model_name(path);
  const auto tensors = reference_tensors(config, numbers, dtype);
  const auto activation = name_of(activations, config.towers.vision.activation);
  if (is_safetensors(path))
    write_safetensors(path, tensors.list(),
                      {{std::string(activation_key), std::string(activation)}});
  else
    write_torch_zip(path, tensors.list());
}

std::string foreign_model_name(const ModelConfig& config,
                               std::string_view canonical) {
  return foreign_name(reference_layout(config), canonical);
}

}  // namespace igrot
