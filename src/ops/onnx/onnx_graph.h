// An ONNX graph as it grows: nodes, constants, inputs and outputs, then a file.
// Operator set 17. Source: onnx.ai, "Operators" and "Open Neural Network
// Exchange Intermediate Representation".
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "igrot/tensor.h"

namespace igrot {

enum class OnnxType { float32, int64 };

/// One attribute of a node.
struct OnnxAttribute {
  std::string_view name;
  std::variant<std::int64_t, float, std::vector<std::int64_t>> value;
};

class OnnxGraph {
 public:
  explicit OnnxGraph(std::string_view name);
  OnnxGraph(const OnnxGraph&) = delete;
  OnnxGraph& operator=(const OnnxGraph&) = delete;
  ~OnnxGraph();

  /// An input whose first dimension is the batch, of any size.
  void input(std::string_view name, OnnxType type, const Shape& rest);

  /// Names a value as an output; `rest` as above.
  void output(std::string_view name, const std::string& value,
              const Shape& rest);

  /// Constants. Each call stores another.
  std::string constant(const Tensor& tensor);
  std::string scalar(float number);
  std::string integers(std::span<const std::int64_t> numbers);

  /// A node with one result, whose name comes back.
  std::string node(std::string_view type,
                   std::initializer_list<std::string> inputs,
                   std::initializer_list<OnnxAttribute> attributes = {});
  std::string node(std::string_view type, std::span<const std::string> inputs,
                   std::initializer_list<OnnxAttribute> attributes);

  /// Writes the model. Throws Error: unsupported (over 2 GB, protobuf's limit),
  /// io.
  void write(const std::filesystem::path& path) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace igrot
