// One tensor of a container: where it lies, and its numbers when asked for.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "formats/storage.h"
#include "igrot/tensor.h"
#include "tensor/dtype.h"

namespace igrot {

/// Elements in row-major order, contiguous, little endian: lying in the mapped
/// file or gathered from it. Keeps what it views alive. Not necessarily aligned
/// to the element's size.
class ContiguousBytes {
 public:
  ContiguousBytes(std::shared_ptr<const void> owner, Bytes bytes)
      : owner_(std::move(owner)), bytes_(bytes) {}

  Bytes get() const { return bytes_; }
  operator Bytes() const { return bytes_; }

 private:
  std::shared_ptr<const void> owner_;
  Bytes bytes_;
};

/// How a tensor lies in its storage, in elements. No strides: row-major.
struct Layout {
  explicit Layout(Shape extents) : shape(std::move(extents)) {}

  Shape shape;
  std::vector<std::size_t> strides;
  std::size_t offset = 0;
};

/// One tensor of a container. Nothing is read before it is used; it outlives
/// the Checkpoint it came from. Cheap to copy. Safe from many threads.
class StoredTensor {
 public:
  /// Throws Error: corrupt (the layout reaches beyond the storage, its sizes
  /// overflow), unsupported (too many dimensions).
  StoredTensor(SharedStorage storage, DType dtype, Layout layout);

  DType dtype() const { return dtype_; }
  const Shape& shape() const { return layout_.shape; }

  /// Elements.
  std::size_t size() const { return size_; }

  /// The elements. The first use of a storage checks its CRC and inflates it.
  /// Throws Error: corrupt, naming the file.
  ContiguousBytes bytes() const;

  /// The elements as float32. Throws Error: corrupt, naming the file.
  Tensor to_tensor() const;

 private:
  SharedStorage storage_;
  DType dtype_;
  Layout layout_;
  std::size_t size_ = 0;
};

/// Elements of `shape`, checked: the bytes of its non-zero dimensions must fit
/// 63 bits, so that no product of them overflows later. Throws Error: corrupt.
std::size_t checked_count(const Shape& shape, DType dtype);

}  // namespace igrot
