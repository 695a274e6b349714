// A model's tensors on their way into a file: under a layout's names, in one
// type of numbers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "formats/stored_tensor.h"
#include "formats/writers.h"
#include "models/layouts.h"

namespace igrot {

class ForeignTensors {
 public:
  /// dtype: f32, f16 or bf16. Throws Error: usage (another).
  ForeignTensors(const LayoutRow& layout, DType dtype);

  /// A tensor under its canonical name; the layout may cut it into parts or
  /// turn it round.
  void add(std::string_view canonical, const Tensor& tensor);
  void add(std::string_view canonical, float number);

  /// As it is stored, but weights in the type of the file.
  void add(std::string_view canonical, const StoredTensor& tensor);

  /// Views of what this object holds.
  std::vector<TensorToWrite> list() const;

 private:
  struct Encoded {
    std::string name;
    DType dtype;
    Shape shape;
    std::vector<std::byte> bytes;
  };

  void add_foreign(const ForeignTensor& to, const Tensor& tensor);

  const LayoutRow& layout_;
  DType dtype_;
  std::vector<Encoded> tensors_;
};

}  // namespace igrot
