#include "igrot/tensor.h"

#include <algorithm>
#include <functional>
#include <new>
#include <numeric>
#include <utility>

namespace igrot {
namespace {

constexpr std::align_val_t alignment{64};

}  // namespace

std::size_t element_count(const Shape& shape) {
  return std::accumulate(shape.begin(), shape.end(), std::size_t{1},
                         std::multiplies<>());
}

void Tensor::Free::operator()(float* data) const {
  ::operator delete[](data, alignment);
}

Tensor::Tensor(Shape shape)
    : shape_(std::move(shape)), size_(element_count(shape_)) {
  data_.reset(new (alignment) float[size_]());
}

Tensor::Tensor(Shape shape, std::span<const float> values)
    : Tensor(std::move(shape)) {
  assert(values.size() == size_);
  std::ranges::copy(values, data());
}

Tensor::Tensor(const Tensor& other)
    : shape_(other.shape_),
      size_(other.size_),
      data_(new (alignment) float[size_]) {
  std::ranges::copy(other.values(), data());
}

Tensor::Tensor(Tensor&& other) noexcept
    : shape_(std::exchange(other.shape_, {})),
      size_(std::exchange(other.size_, 0)),
      data_(std::move(other.data_)) {}

Tensor& Tensor::operator=(Tensor other) noexcept {
  std::swap(shape_, other.shape_);
  std::swap(size_, other.size_);
  std::swap(data_, other.data_);
  return *this;
}

Tensor Tensor::reshaped(Shape shape) && {
  assert(element_count(shape) == size_);
  shape_ = std::move(shape);
  return std::move(*this);
}

MatrixView Tensor::matrix() const {
  const auto columns = shape_.empty() ? 1 : shape_.back();
  return {data(), columns == 0 ? 0 : size_ / columns, columns};
}

}  // namespace igrot
