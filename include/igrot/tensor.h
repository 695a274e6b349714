// Numbers with a shape: what the library takes and returns.
#pragma once

#include <cassert>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace igrot {

/// Extents from outermost to innermost.
using Shape = std::vector<std::size_t>;

/// How many elements a shape holds; 1 for the empty shape.
std::size_t element_count(const Shape& shape);

/// A row-major matrix somebody else owns: `rows` rows of `columns` floats.
struct MatrixView {
  const float* data = nullptr;
  std::size_t rows = 0;
  std::size_t columns = 0;

  std::span<const float> row(std::size_t i) const {
    assert(i < rows);
    return {data + i * columns, columns};
  }
};

/// Row-major float32 numbers, aligned to 64 bytes. A value: copying copies.
class Tensor {
 public:
  /// No elements.
  Tensor() = default;

  /// Zeros.
  explicit Tensor(Shape shape);
  Tensor(Shape shape, std::span<const float> values);

  Tensor(const Tensor& other);
  Tensor(Tensor&& other) noexcept;
  Tensor& operator=(Tensor other) noexcept;

  const Shape& shape() const { return shape_; }
  std::size_t rank() const { return shape_.size(); }
  std::size_t size() const { return size_; }

  float* data() { return data_.get(); }
  const float* data() const { return data_.get(); }
  std::span<float> values() { return {data_.get(), size_}; }
  std::span<const float> values() const { return {data_.get(), size_}; }

  /// The same numbers under another shape of equal size.
  Tensor reshaped(Shape shape) &&;

  /// All dimensions but the last taken as rows.
  MatrixView matrix() const;

 private:
  struct Free {
    void operator()(float* data) const;
  };

  Shape shape_;
  std::size_t size_ = 0;
  std::unique_ptr<float[], Free> data_;
};

}  // namespace igrot
