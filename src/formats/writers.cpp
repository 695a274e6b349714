#include "formats/writers.h"

#include <algorithm>
#include <vector>

#include "formats/foreign_text.h"
#include "formats/stored_tensor.h"

namespace igrot {

TensorToWrite to_write(std::string name, const Tensor& tensor) {
  return {std::move(name), DType::f32, tensor.shape(),
          std::as_bytes(tensor.values())};
}

void check_writable(std::span<const TensorToWrite> tensors) {
  std::vector<std::string_view> names;
  for (const auto& tensor : tensors) {
    names.push_back(tensor.name);
    if (!is_utf8(tensor.name))
      fail(ErrorKind::usage, "tensor {}: its name is not UTF-8",
           in_quotes(tensor.name));
    const auto expected =
        checked_count(tensor.shape, tensor.dtype) * size_bytes(tensor.dtype);
    if (tensor.bytes.size() != expected)
      fail(ErrorKind::usage, "tensor {}: {} bytes, expected {}",
           in_quotes(tensor.name), tensor.bytes.size(), expected);
  }
  std::ranges::sort(names);
  const auto twice = std::ranges::adjacent_find(names);
  if (twice != names.end())
    fail(ErrorKind::usage, "two tensors are named {}", in_quotes(*twice));
}

}  // namespace igrot
