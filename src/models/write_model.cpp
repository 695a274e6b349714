#include "models/write_model.h"

#include <array>
#include <cmath>
#include <cstring>
#include <vector>

#include "base/fail.h"
#include "formats/writers.h"
#include "models/derive.h"
#include "models/layouts.h"
#include "models/model_files.h"

namespace igrot {
namespace {

// method.md 6.
constexpr std::string_view blip_temperature = "temp";

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
                                : config.towers.family == Family::blip
                                    ? "blip"
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
    const bool is_blip = config.towers.family == Family::blip;
    if (numbers.logit_scale && is_blip)
      add_scalar(blip_temperature, std::exp(-*numbers.logit_scale));
    if (numbers.logit_scale && !is_blip)
      add_scalar(logit_scale_name, *numbers.logit_scale);
    for (const auto& [name, tensor] : numbers.carried)
      if (is_blip && name != blip_temperature) carry(name, tensor);
  }

  /// Views of what this object holds.
  std::vector<TensorToWrite> to_write() const {
    std::vector<TensorToWrite> list;
    for (const auto& tensor : tensors_)
      list.push_back({.name = tensor.name,
                      .dtype = tensor.dtype,
                      .shape = tensor.shape,
                      .bytes = tensor.bytes});
    return list;
  }

 private:
  void add(const TensorSpec& spec, const Tensor& tensor) {
    tensors_.push_back({foreign_name(layout_, spec.name), dtype_, spec.shape,
                        encode(tensor, dtype_)});
  }

  void add_scalar(std::string_view name, float number) {
    add({std::string(name), {}}, Tensor({}, std::array{number}));
  }

  /// Weights in the type of the file, anything else as it is.
  void carry(const std::string& name, const StoredTensor& tensor) {
    if (is_floating(tensor.dtype())) {
      add({name, tensor.shape()}, tensor.to_tensor());
      return;
    }
    const auto bytes = tensor.bytes();
    tensors_.push_back({foreign_name(layout_, name),
                        tensor.dtype(),
                        tensor.shape(),
                        {bytes.get().begin(), bytes.get().end()}});
  }

  struct Encoded {
    std::string name;
    DType dtype;
    Shape shape;
    std::vector<std::byte> bytes;
  };

  const LayoutRow& layout_;
  DType dtype_;
  std::vector<Encoded> tensors_;
};

}  // namespace

std::optional<float> read_logit_scale(const TensorSource& source) {
  if (const auto scale = source.scalar(logit_scale_name))
    return scale->values()[0];
  if (const auto temperature = source.scalar(blip_temperature))
    return -std::log(temperature->values()[0]);
  return std::nullopt;
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
  if (dtype != DType::f32 && dtype != DType::f16 && dtype != DType::bf16)
    fail(ErrorKind::usage, "weights are not written as {}",
         describe(dtype).name);
  const ReferenceTensors tensors(config, numbers, dtype);
  const auto list = tensors.to_write();
  const auto activation = name_of(activations, config.towers.vision.activation);
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
