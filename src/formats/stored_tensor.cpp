#include "formats/stored_tensor.h"

#include <algorithm>
#include <limits>

#include "formats/limits.h"

namespace igrot {
namespace {

std::vector<std::size_t> row_major_strides(const Shape& shape) {
  std::vector<std::size_t> strides(shape.size());
  std::size_t stride = 1;
  for (std::size_t i = shape.size(); i-- > 0;) {
    strides[i] = stride;
    stride *= shape[i];
  }
  return strides;
}

/// Strides of dimensions of one element say nothing.
bool is_row_major(const Layout& layout) {
  const auto expected = row_major_strides(layout.shape);
  for (std::size_t i = 0; i < layout.strides.size(); ++i)
    if (layout.shape[i] != 1 && layout.strides[i] != expected[i]) return false;
  return true;
}

/// Elements of the storage that a non-empty layout reaches over.
std::uint64_t extent(const Layout& layout) {
  std::uint64_t last = layout.offset;
  for (std::size_t i = 0; i < layout.strides.size(); ++i) {
    const auto step =
        checked_product(layout.shape[i] - 1, layout.strides[i], "view");
    if (__builtin_add_overflow(last, step, &last))
      fail(ErrorKind::corrupt, "view: size overflows");
  }
  if (last == std::numeric_limits<std::uint64_t>::max())
    fail(ErrorKind::corrupt, "view: size overflows");
  return last + 1;
}

/// Copies a strided view element by element, the last dimension innermost.
template <class Word>
void gather(const std::byte* source, const Layout& layout, std::size_t count,
            std::byte* target) {
  const std::size_t inner = layout.shape.back();
  const std::size_t step = layout.strides.back() * sizeof(Word);
  std::vector<std::size_t> index(layout.shape.size() - 1);
  std::size_t row = layout.offset;
  for (std::size_t done = 0; done < count; done += inner) {
    const std::byte* from = source + row * sizeof(Word);
    for (std::size_t i = 0; i < inner; ++i, target += sizeof(Word))
      std::memcpy(target, from + i * step, sizeof(Word));
    for (std::size_t d = index.size(); d-- > 0;) {
      row += layout.strides[d];
      if (++index[d] < layout.shape[d]) break;
      row -= layout.strides[d] * layout.shape[d];
      index[d] = 0;
    }
  }
}

void gather(std::size_t size_bytes, const std::byte* source,
            const Layout& layout, std::size_t count, std::byte* target) {
  switch (size_bytes) {
    case 1:
      return gather<std::uint8_t>(source, layout, count, target);
    case 2:
      return gather<std::uint16_t>(source, layout, count, target);
    case 4:
      return gather<std::uint32_t>(source, layout, count, target);
    default:
      return gather<std::uint64_t>(source, layout, count, target);
  }
}

}  // namespace

std::size_t checked_count(const Shape& shape, DType dtype) {
  if (shape.size() > limits::rank)
    fail(ErrorKind::unsupported, "{} dimensions, at most {} are handled",
         shape.size(), limits::rank);
  std::uint64_t bytes = size_bytes(dtype);
  for (const auto extent : shape)
    if (extent != 0) bytes = checked_product(bytes, extent, "shape");
  if (bytes > std::numeric_limits<std::int64_t>::max())
    fail(ErrorKind::corrupt, "shape: size overflows");
  return std::ranges::count(shape, 0U) ? 0 : bytes / size_bytes(dtype);
}

StoredTensor::StoredTensor(SharedStorage storage, DType dtype, Layout layout)
    : storage_(std::move(storage)),
      dtype_(dtype),
      layout_(std::move(layout)),
      size_(checked_count(layout_.shape, dtype)) {
  if (is_row_major(layout_)) layout_.strides.clear();
  if (size_ == 0) return;
  const auto present = storage_->size_bytes() / igrot::size_bytes(dtype_);
  std::uint64_t needed = 0;
  if (layout_.strides.empty()) {
    if (__builtin_add_overflow(layout_.offset, size_, &needed))
      fail(ErrorKind::corrupt, "view: size overflows");
  } else {
    needed = extent(layout_);
  }
  if (needed > present)
    fail(ErrorKind::corrupt, "reaches element {} of a storage of {}", needed,
         present);
}

ContiguousBytes StoredTensor::bytes() const {
  if (size_ == 0) return {storage_, {}};
  const auto width = igrot::size_bytes(dtype_);
  const auto stored =
      at(storage_->file_name(), [&] { return storage_->bytes(); });
  if (layout_.strides.empty())
    return {storage_, stored.subspan(layout_.offset * width, size_ * width)};
  const auto gathered = std::make_shared<std::vector<std::byte>>(size_ * width);
  gather(width, stored.data(), layout_, size_, gathered->data());
  return {gathered, *gathered};
}

Tensor StoredTensor::to_tensor() const {
  const auto elements = bytes();
  Tensor tensor(layout_.shape);
  to_float(dtype_, elements, size_, tensor.data());
  return tensor;
}

}  // namespace igrot
