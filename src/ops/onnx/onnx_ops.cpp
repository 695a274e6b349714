#include "ops/onnx/onnx_ops.h"

#include <array>
#include <cassert>

#include "base/fail.h"
#include "tensor/transposed.h"

namespace igrot {
namespace {

using Host = igrot::Tensor;
using Integers = std::vector<std::int64_t>;

Shape with_last(Shape shape, std::size_t last) {
  shape.back() = last;
  return shape;
}

std::int64_t integer(std::size_t number) {
  return static_cast<std::int64_t>(number);
}

/// Added to the logits of rows that see no key behind their own.
Host causal_bias(std::size_t tokens) {
  constexpr float hidden = -1e9F;
  Host bias({tokens, tokens});
  for (std::size_t i = 0; i < tokens; ++i)
    for (std::size_t j = i + 1; j < tokens; ++j)
      bias.data()[i * tokens + j] = hidden;
  return bias;
}

}  // namespace

std::string OnnxOps::value(const Tensor& x) const {
  return x.host() ? graph_->constant(*x.host()) : x.name();
}

OnnxOps::Tensor OnnxOps::input(std::string_view name, const Shape& rest) const {
  graph_->input(name, OnnxType::float32, rest);
  Shape shape{batch};
  shape.insert(shape.end(), rest.begin(), rest.end());
  return {std::string(name), std::move(shape)};
}

Host OnnxOps::download(const Tensor& x) const {
  if (!x.host()) fail(ErrorKind::unsupported, "an ONNX graph has no numbers");
  return *x.host();
}

OnnxOps::Tensor OnnxOps::linear(const Tensor& x, const Linear& w,
                                Activation activation) const {
  auto y = graph_->node("MatMul",
                        {value(x), graph_->constant(transposed(w.weight))});
  if (w.bias.size() > 0) y = graph_->node("Add", {y, graph_->constant(w.bias)});
  return {activated(y, activation),
          with_last(x.shape(), w.weight.shape().front()), x.is_open()};
}

std::string OnnxOps::activated(const std::string& x,
                               Activation activation) const {
  switch (activation) {
    case Activation::none:
      return x;
    case Activation::relu:
      return graph_->node("Relu", {x});
    case Activation::sigmoid:
      return graph_->node("Sigmoid", {x});
    case Activation::quick_gelu: {
      const auto gate = graph_->node(
          "Sigmoid", {graph_->node("Mul", {x, graph_->scalar(1.702F)})});
      return graph_->node("Mul", {x, gate});
    }
    case Activation::gelu: {
      const auto erf = graph_->node(
          "Erf", {graph_->node("Mul", {x, graph_->scalar(0.70710678F)})});
      const auto gate = graph_->node("Add", {erf, graph_->scalar(1)});
      return graph_->node(
          "Mul", {graph_->node("Mul", {x, gate}), graph_->scalar(0.5F)});
    }
    case Activation::gelu_tanh: {
      const auto cube = graph_->node("Mul", {x, graph_->node("Mul", {x, x})});
      const auto sum = graph_->node(
          "Add",
          {x, graph_->node("Mul", {cube, graph_->scalar(gelu_tanh_cubic)})});
      const auto bend = graph_->node(
          "Tanh",
          {graph_->node("Mul", {sum, graph_->scalar(gelu_tanh_scale)})});
      const auto gate = graph_->node("Add", {bend, graph_->scalar(1)});
      return graph_->node(
          "Mul", {graph_->node("Mul", {x, gate}), graph_->scalar(0.5F)});
    }
  }
  return x;
}

OnnxOps::Tensor OnnxOps::layer_norm(const Tensor& x, const Tensor& scale,
                                    const Tensor& shift, float eps) const {
  return {
      graph_->node("LayerNormalization", {value(x), value(scale), value(shift)},
                   {{"axis", std::int64_t{-1}}, {"epsilon", eps}}),
      x.shape(), x.is_open()};
}

OnnxOps::Tensor OnnxOps::rms_norm(const Tensor& x, const Tensor& scale,
                                  float eps) const {
  const auto in = value(x);
  const auto square = graph_->node("Mul", {in, in});
  const auto mean =
      graph_->node("ReduceMean", {square}, {{"axes", Integers{-1}}});
  const auto root =
      graph_->node("Sqrt", {graph_->node("Add", {mean, graph_->scalar(eps)})});
  const auto unit = graph_->node("Div", {in, root});
  return {graph_->node("Mul", {unit, value(scale)}), x.shape(), x.is_open()};
}

OnnxOps::Tensor OnnxOps::normalize(const Tensor& x) const {
  constexpr float least = 1e-12F;
  const auto in = value(x);
  const auto norm = graph_->node("ReduceL2", {in}, {{"axes", Integers{-1}}});
  const auto divisor = graph_->node("Max", {norm, graph_->scalar(least)});
  return {graph_->node("Div", {in, divisor}), x.shape(), x.is_open()};
}

std::string OnnxOps::reshaped(const std::string& x,
                              std::span<const std::int64_t> shape) const {
  return graph_->node("Reshape", {x, graph_->integers(shape)});
}

/// [B, T, w] as [B, T, heads, w / heads] in another order.
std::string OnnxOps::heads_apart(const Tensor& x, std::size_t heads,
                                 Integers order) const {
  const auto& shape = x.shape();
  const std::array apart{std::int64_t{-1}, integer(shape[1]), integer(heads),
                         integer(shape[2] / heads)};
  return graph_->node("Transpose", {reshaped(value(x), apart)},
                      {{"perm", std::move(order)}});
}

std::string OnnxOps::logits(const Tensor& q, const Tensor& k,
                            const AttentionOptions<Tensor>& options) const {
  auto sum =
      graph_->node("MatMul", {heads_apart(q, options.heads, {0, 2, 1, 3}),
                              heads_apart(k, options.heads, {0, 2, 3, 1})});
  sum = graph_->node("Mul", {sum, graph_->scalar(options.scale)});
  if (options.key_bias) {
    const std::array one_a_row{std::int64_t{-1}, std::int64_t{1},
                               std::int64_t{1}, integer(k.shape()[1])};
    sum = graph_->node("Add",
                       {sum, reshaped(value(*options.key_bias), one_a_row)});
  }
  if (options.head_bias) {
    const auto by_head = graph_->node("Transpose", {value(*options.head_bias)},
                                      {{"perm", Integers{2, 0, 1}}});
    sum = graph_->node("Add", {sum, by_head});
  }
  if (options.visibility == Visibility::causal)
    sum =
        graph_->node("Add", {sum, graph_->constant(causal_bias(q.shape()[1]))});
  return sum;
}

OnnxOps::Tensor OnnxOps::attention(
    const Tensor& q, const Tensor& k, const Tensor& v,
    const AttentionOptions<Tensor>& options) const {
  const auto shares = graph_->node("Softmax", {logits(q, k, options)},
                                   {{"axis", std::int64_t{-1}}});
  const auto attended = graph_->node(
      "MatMul", {shares, heads_apart(v, options.heads, {0, 2, 1, 3})});
  const auto together =
      graph_->node("Transpose", {attended}, {{"perm", Integers{0, 2, 1, 3}}});
  const std::array shape{std::int64_t{-1}, integer(q.shape()[1]),
                         integer(q.shape()[2])};
  return {reshaped(together, shape), q.shape()};
}

OnnxOps::Tensor OnnxOps::patches(const Tensor& pixels, std::size_t side) const {
  const auto channels = pixels.shape()[1];
  const auto grid = pixels.shape()[2] / side;
  const std::array cut{std::int64_t{-1}, integer(channels), integer(grid),
                       integer(side),    integer(grid),     integer(side)};
  const auto ordered = graph_->node("Transpose", {reshaped(value(pixels), cut)},
                                    {{"perm", Integers{0, 2, 4, 1, 3, 5}}});
  const auto width = channels * side * side;
  const std::array flat{std::int64_t{-1}, integer(grid * grid), integer(width)};
  return {reshaped(ordered, flat), {batch, grid * grid, width}};
}

OnnxOps::Tensor OnnxOps::embed(std::span<const std::int32_t> ids,
                               const Tensor& table,
                               std::int32_t /*padding*/) const {
  const bool is_input = !texts_.ids.empty() && ids.data() == texts_.ids.data();
  const Integers numbers(ids.begin(), ids.end());
  const auto rows = is_input ? texts_.ids_input : graph_->integers(numbers);
  return {
      graph_->node("Gather", {value(table), rows}, {{"axis", std::int64_t{0}}}),
      {ids.size(), table.shape().back()},
      is_input};
}

OnnxOps::Tensor OnnxOps::reshape(const Tensor& x, Shape shape) const {
  Integers sizes;
  for (const auto size : shape) sizes.push_back(integer(size));
  if (x.is_open()) sizes.front() = -1;
  return {reshaped(value(x), sizes), std::move(shape), x.is_open()};
}

OnnxOps::Tensor OnnxOps::columns(const Tensor& x, std::size_t first,
                                 std::size_t count) const {
  const auto one = [&](std::int64_t number) {
    return graph_->integers(std::span(&number, 1));
  };
  return {graph_->node("Slice", {value(x), one(integer(first)),
                                 one(integer(first + count)), one(-1)}),
          with_last(x.shape(), count), x.is_open()};
}

OnnxOps::Tensor OnnxOps::gather(const Tensor& x,
                                std::span<const std::size_t> rows) const {
  if (x.is_open()) return gather_open(x, rows);
  const Integers numbers(rows.begin(), rows.end());
  const auto width = x.shape().back();
  const std::array matrix{std::int64_t{-1}, integer(width)};
  return {graph_->node("Gather",
                       {reshaped(value(x), matrix), graph_->integers(numbers)},
                       {{"axis", std::int64_t{0}}}),
          {rows.size(), width},
          false};
}

/// The same rows of every input.
OnnxOps::Tensor OnnxOps::gather_open(const Tensor& x,
                                     std::span<const std::size_t> rows) const {
  const auto width = x.shape().back();
  const auto length = element_count(x.shape()) / width / batch;
  const auto count = rows.size() / batch;
  const std::array apart{std::int64_t{-1}, integer(length), integer(width)};
  const auto inputs = reshaped(value(x), apart);
  std::vector<std::string> picked;
  for (std::size_t i = 0; i < count; ++i) {
    assert(rows[count + i] == rows[i] + length);
    const std::array row{integer(rows[i])};
    const bool is_end =
        !texts_.end_value.empty() && rows[i] == texts_.end_position;
    if (!is_end) {
      picked.push_back(graph_->node("Gather", {inputs, graph_->integers(row)},
                                    {{"axis", std::int64_t{1}}}));
      continue;
    }
    const auto one = graph_->node("GatherND", {inputs, texts_.end_value},
                                  {{"batch_dims", std::int64_t{1}}});
    const std::array single{std::int64_t{-1}, std::int64_t{1}, integer(width)};
    picked.push_back(reshaped(one, single));
  }
  const auto all = graph_->node("Concat", picked, {{"axis", std::int64_t{1}}});
  const std::array matrix{std::int64_t{-1}, integer(width)};
  return {reshaped(all, matrix), {rows.size(), width}};
}

/// A constant [1, T, w] once for every input of another value.
std::string OnnxOps::repeated(const Tensor& constant,
                              const Tensor& like) const {
  const auto one = [&](std::int64_t number) {
    return graph_->integers(std::span(&number, 1));
  };
  const auto count = graph_->node(
      "Slice", {graph_->node("Shape", {value(like)}), one(0), one(1)});
  const std::array rest{integer(constant.shape()[1]),
                        integer(constant.shape()[2])};
  const auto shape = graph_->node("Concat", {count, graph_->integers(rest)},
                                  {{"axis", std::int64_t{0}}});
  return graph_->node("Expand", {value(constant), shape});
}

OnnxOps::Tensor OnnxOps::concat_tokens(const std::vector<Tensor>& parts) const {
  const auto* open = &parts.front();
  for (const auto& part : parts)
    if (part.is_open()) open = &part;
  std::vector<std::string> values;
  Shape shape = open->shape();
  shape[1] = 0;
  for (const auto& part : parts) {
    values.push_back(part.is_open() ? value(part) : repeated(part, *open));
    shape[1] += part.shape()[1];
  }
  return {graph_->node("Concat", values, {{"axis", std::int64_t{1}}}), shape};
}

OnnxOps::Tensor OnnxOps::concat_columns(
    const std::vector<Tensor>& parts) const {
  std::vector<std::string> values;
  std::size_t width = 0;
  for (const auto& part : parts) {
    values.push_back(value(part));
    width += part.shape().back();
  }
  return {graph_->node("Concat", values, {{"axis", std::int64_t{-1}}}),
          with_last(parts.front().shape(), width), parts.front().is_open()};
}

OnnxOps::Tensor OnnxOps::add(const Tensor& x, const Tensor& y) const {
  return {graph_->node("Add", {value(x), value(y)}), x.shape(),
          x.is_open() || y.is_open()};
}

OnnxOps::Tensor OnnxOps::combine(const Tensor& weights,
                                 const std::vector<Tensor>& parts) const {
  std::string sum;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto part =
        graph_->node("Mul", {columns(weights, i, 1).name(), value(parts[i])});
    sum = i == 0 ? part : graph_->node("Add", {sum, part});
  }
  return {sum, parts.front().shape(), parts.front().is_open()};
}

OnnxOps::Tensor OnnxOps::affine(const Tensor& x, float scale,
                                float shift) const {
  const auto scaled = graph_->node("Mul", {value(x), graph_->scalar(scale)});
  return {graph_->node("Add", {scaled, graph_->scalar(shift)}), x.shape(),
          x.is_open()};
}

}  // namespace igrot
