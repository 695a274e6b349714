// Writing named tensors: safetensors, and archives that torch.load reads.
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>

#include "base/bytes.h"
#include "igrot/tensor.h"
#include "tensor/dtype.h"

namespace igrot {

/// One tensor of a file to be written.
struct TensorToWrite {
  std::string name;
  DType dtype{};
  Shape shape;
  Bytes bytes;  ///< elements in row-major order, little endian
};

/// A float32 tensor to be written; `tensor` must live until it is.
TensorToWrite to_write(std::string name, const Tensor& tensor);

/// Writes a safetensors file under a temporary name and renames it. The header
/// keeps the order given; the data is sorted so that every tensor is aligned to
/// its element. Equal input gives equal bytes. Throws Error: usage (equal
/// names, names that are not UTF-8, sizes that disagree), io.
void write_safetensors(const std::filesystem::path& path,
                       std::span<const TensorToWrite> tensors,
                       const std::map<std::string, std::string>& metadata = {});

/// Writes an archive that torch.load reads (PyTorch 1.6 and later, also with
/// weights_only) as an OrderedDict from names to tensors, which is a state
/// dict. `under`: when not empty, the state dict lies in a dict under this key.
/// Every storage starts at a multiple of 64 bytes. Equal input gives equal
/// bytes. Throws Error: usage (as above; element types without a storage class
/// in PyTorch), io.
void write_torch_zip(const std::filesystem::path& path,
                     std::span<const TensorToWrite> tensors,
                     std::string_view under = {});

/// What both writers ask of their input. Throws Error: usage.
void check_writable(std::span<const TensorToWrite> tensors);

}  // namespace igrot
