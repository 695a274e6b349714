// A model's file, changed on the way: for tests of loading.
#pragma once

#include <functional>

#include "formats/checkpoint.h"
#include "formats/writers.h"
#include "tests/models/golden.h"

namespace igrot::test {

/// One tensor in memory, as it will be written.
struct OwnedTensor {
  std::string name;
  DType dtype{};
  Shape shape;
  std::vector<std::byte> bytes;
};
using OwnedTensors = std::vector<OwnedTensor>;

inline OwnedTensors read_all(const fs::path& path) {
  OwnedTensors list;
  const auto file = Checkpoint::open(path);
  for (const auto& [name, tensor] : file.tensors()) {
    const auto bytes = tensor.bytes();
    list.push_back({name,
                    tensor.dtype(),
                    tensor.shape(),
                    {bytes.get().begin(), bytes.get().end()}});
  }
  return list;
}

inline std::vector<TensorToWrite> views(const OwnedTensors& tensors) {
  std::vector<TensorToWrite> list;
  for (const auto& tensor : tensors)
    list.push_back({tensor.name, tensor.dtype, tensor.shape, tensor.bytes});
  return list;
}

inline OwnedTensor& find(OwnedTensors& tensors, std::string_view name) {
  for (auto& tensor : tensors)
    if (tensor.name == name) return tensor;
  throw std::runtime_error("no tensor " + std::string(name));
}

inline void remove(OwnedTensors& tensors, std::string_view name) {
  std::erase_if(tensors, [&](const auto& t) { return t.name == name; });
}

/// Gives a tensor another shape, filled with zeros.
inline void reshape(OwnedTensors& tensors, std::string_view name,
                    const Shape& shape) {
  auto& tensor = find(tensors, name);
  tensor.shape = shape;
  tensor.bytes.assign(element_count(shape) * size_bytes(tensor.dtype),
                      std::byte{});
}

/// The error of `body`, or a failure.
template <class Body>
Error error_of(Body&& body) {
  try {
    body();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no Error";
  return {ErrorKind::usage, ""};
}

}  // namespace igrot::test
