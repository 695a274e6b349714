#include "models/convert.h"

#include <vector>

#include "formats/writers.h"
#include "models/derive.h"

namespace igrot {
namespace {

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

/// What a state dict of the reference holds besides what igrot computes with.
constexpr std::string_view logit_scale = "logit_scale";

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
  ReferenceTensors(const TensorSource& source, const ModelConfig& config,
                   DType dtype)
      : layout_(reference_layout(config)), dtype_(dtype) {
    for (const auto& spec : list_tensors(config)) add(spec, source.read(spec));
    if (const auto scale = source.scalar(logit_scale))
      add({std::string(logit_scale), {}}, *scale);
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

void convert_model(const std::filesystem::path& in,
                   const std::filesystem::path& out,
                   const ConvertOptions& options) {
  const auto ending = out.extension();
  const bool is_safetensors = ending == ".safetensors";
  if (!is_safetensors && ending != ".pth" && ending != ".pt")
    fail(ErrorKind::usage,
         "{}: the name of what is written ends in .safetensors, .pth or .pt",
         out.string());
  if (options.dtype != DType::f32 && options.dtype != DType::f16 &&
      options.dtype != DType::bf16)
    fail(ErrorKind::usage, "weights are not written as {}",
         describe(options.dtype).name);

  const auto files = open_model_files(in);
  at(in.string(), [&] {
    const TensorSource source(files.parts);
    const auto config = derive_config(source, files.hints);
    const auto activation =
        choose_activation(options.activation, files, source, options.runtime);
    const ReferenceTensors tensors(source, config, options.dtype);
    const auto list = tensors.to_write();
    if (is_safetensors)
      write_safetensors(out, list,
                        {{std::string(activation_key),
                          std::string(name_of(activations, activation))}});
    else
      write_torch_zip(out, list);
  });
}

}  // namespace igrot
