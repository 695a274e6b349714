#include "models/foreign_tensors.h"

#include <array>
#include <cstring>

#include "base/fail.h"
#include "models/batches.h"
#include "models/tensor_source.h"
#include "tensor/transposed.h"

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

}  // namespace

ForeignTensors::ForeignTensors(const LayoutRow& layout, DType dtype)
    : layout_(layout), dtype_(dtype) {
  if (dtype != DType::f32 && dtype != DType::f16 && dtype != DType::bf16)
    fail(ErrorKind::usage, "weights are not written as {}",
         describe(dtype).name);
}

void ForeignTensors::add(std::string_view canonical, const Tensor& tensor) {
  for (const auto& to : foreign_tensors(layout_, canonical))
    add_foreign(to, tensor);
}

void ForeignTensors::add_foreign(const ForeignTensor& to,
                                 const Tensor& tensor) {
  const auto& row = *to.row;
  if (row.parts > 1) {
    const auto rows = tensor.shape().front() / row.parts;
    const auto part = slice(tensor, row.part * rows, row.span * rows);
    tensors_.push_back({to.name, dtype_, part.shape(), encode(part, dtype_)});
    return;
  }
  const auto stored = row.transposed ? transposed(tensor) : tensor;
  auto shape = stored.shape();
  if (row.unbatched) shape.erase(shape.begin());
  tensors_.push_back(
      {to.name, dtype_, std::move(shape), encode(stored, dtype_)});
}

void ForeignTensors::add(std::string_view canonical, float number) {
  add(canonical, Tensor({}, std::array{number}));
}

void ForeignTensors::add(std::string_view canonical,
                         const StoredTensor& tensor) {
  if (is_floating(tensor.dtype())) {
    add(canonical, tensor.to_tensor());
    return;
  }
  const auto bytes = tensor.bytes();
  tensors_.push_back({foreign_name(layout_, canonical),
                      tensor.dtype(),
                      tensor.shape(),
                      {bytes.get().begin(), bytes.get().end()}});
}

std::vector<TensorToWrite> ForeignTensors::list() const {
  std::vector<TensorToWrite> list;
  for (const auto& tensor : tensors_)
    list.push_back({.name = tensor.name,
                    .dtype = tensor.dtype,
                    .shape = tensor.shape,
                    .bytes = tensor.bytes});
  return list;
}

}  // namespace igrot
