// Taking batches apart and putting their results together.
#pragma once

#include <algorithm>

#include "igrot/tensor.h"

namespace igrot {

/// Inputs [first, first + count) of a batch along its first dimension.
inline Tensor slice(const Tensor& batch, std::size_t first, std::size_t count) {
  Shape shape = batch.shape();
  const auto size = batch.size() / shape.front();
  shape.front() = count;
  return Tensor(std::move(shape),
                batch.values().subspan(first * size, count * size));
}

/// Copies a part's rows behind the first `first` of the whole.
inline void place(Tensor& whole, const Tensor& part, std::size_t first) {
  const auto size = whole.size() / whole.shape().front();
  std::ranges::copy(part.values(), whole.data() + first * size);
}

/// `encode(first, count)` for parts of `total` inputs, joined; `row_shape` is
/// what one of them becomes.
template <class Encode>
Tensor in_parts(std::size_t total, std::size_t at_once, const Shape& row_shape,
                Encode&& encode) {
  Shape shape{total};
  shape.insert(shape.end(), row_shape.begin(), row_shape.end());
  Tensor whole(shape);
  for (std::size_t first = 0; first < total; first += at_once)
    place(whole, encode(first, std::min(at_once, total - first)), first);
  return whole;
}

}  // namespace igrot
