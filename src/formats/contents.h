// What a reader of one container hands over.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "formats/stored_tensor.h"

namespace igrot {

/// The kinds of file a checkpoint comes in.
enum class Container { torch_zip, torch_legacy, torchscript, safetensors, npy };

/// Their names in messages and JSON, in the order of the enumerators.
inline constexpr std::array<std::string_view, 5> container_names{
    "torch-zip", "torch-legacy", "torchscript", "safetensors", "npy"};

constexpr std::string_view describe(Container container) {
  return container_names[static_cast<std::size_t>(container)];
}

struct NamedTensor {
  std::string name;
  StoredTensor tensor;
};

/// A leaf that is not a tensor. `type` is int, float, str, bool or none;
/// `value` its text: floats as Python prints them, bools as true and false,
/// none as nothing.
struct Scalar {
  std::string name;
  std::string type;
  std::string value;
};

struct Contents {
  explicit Contents(Container kind) : container(kind) {}

  Container container;
  std::vector<NamedTensor> tensors;
  std::vector<Scalar> scalars;
  std::map<std::string, std::string> metadata;
};

}  // namespace igrot
