#include "models/write_model.h"

#include <cstring>
#include <vector>

#include "base/fail.h"
#include "formats/writers.h"
#include "models/derive.h"
#include "models/layouts.h"
#include "models/model_files.h"

namespace igrot {
namespace {

bool is_safetensors(const std::filesystem::path& path) {
  return path.extension() == ".safetensors";
}

/// The numbers of a tensor in an element type, little endian.
std::vector<std::byte> encode(const Tensor& tensor, DType dtype) {
  if (dtype == DType::f32) {
    const auto bytes = std::as_bytes(tensor.values());
    return {bytes.begin(), bytes.end()};
  }
  const auto narrow =
      dtype == DType::f16 ? &half_from_float : &bfloat_from_float;
  std::vector<std::byte> bytes(tensor.size() * sizeof(std::uint16_t));
  for (std::size_t i = 0; i < tensor.size(); ++i) {
    const std::uint16_t number = narrow(tensor.values()[i]);
    std::memcpy(bytes.data() + i * sizeof number, &number, sizeof number);
  }
  return bytes;
}

/// The layout whose names the reference gives such a model.
const LayoutRow& reference_layout(const ModelConfig& config) {
  const std::string_view name = config.union_head ? "union"
                                : config.transagg ? "transagg"
                                                  : "openai";
  for (const auto& row : layouts())
    if (row.name == name) return row;
  fail(ErrorKind::unsupported, "no layout is named {}", name);
}

class ReferenceTensors {
 public:
  ReferenceTensors(const ModelConfig& config, const ModelNumbers& numbers,
                   DType dtype)
      : layout_(reference_layout(config)), dtype_(dtype) {
    for (const auto& spec : list_tensors(config)) add(spec, numbers.read(spec));
    if (numbers.logit_scale)
      add({std::string(logit_scale_name), {}}, *numbers.logit_scale);
  }

  /// Views of what this object holds.
  std::vector<TensorToWrite> to_write() const {
    std::vector<TensorToWrite> list;
    for (std::size_t i = 0; i < specs_.size(); ++i)
      list.push_back({.name = specs_[i].name,
                      .dtype = dtype_,
                      .shape = specs_[i].shape,
                      .bytes = numbers_[i]});
    return list;
  }

 private:
  void add(const TensorSpec& spec, const Tensor& tensor) {
    specs_.push_back({foreign_name(layout_, spec.name), spec.shape});
    numbers_.push_back(encode(tensor, dtype_));
  }

  const LayoutRow& layout_;
  DType dtype_;
  std::vector<TensorSpec> specs_;
  std::vector<std::vector<std::byte>> numbers_;
};

}  // namespace

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
  if (dtype != DType::f32 && dtype != DType::f16 && dtype != DType::bf16)
    fail(ErrorKind::usage, "weights are not written as {}",
         describe(dtype).name);
  const ReferenceTensors tensors(config, numbers, dtype);
  const auto list = tensors.to_write();
  const auto activation = name_of(activations, config.clip.vision.activation);
  if (is_safetensors(path))
    write_safetensors(path, list,
                      {{std::string(activation_key), std::string(activation)}});
  else
    write_torch_zip(path, list);
}

std::string foreign_model_name(const ModelConfig& config,
                               std::string_view canonical) {
  return foreign_name(reference_layout(config), canonical);
}

}  // namespace igrot
