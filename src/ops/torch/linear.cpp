#include "ops/torch/linear.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cassert>

#include "ops/dnnl/kernels.h"
#include "ops/torch/if_defined.h"
#include "ops/torch/sgemm.h"

namespace igrot {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;
using Optional = c10::optional<at::Tensor>;

/// A matrix as sgemm takes it.
Operand operand(const at::Tensor& matrix) {
  const auto* data = matrix.data_ptr<float>();
  if (matrix.stride(1) == 1 || matrix.size(1) == 1)
    return {data, std::max(matrix.stride(0), matrix.size(1)), false};
  assert(matrix.stride(0) == 1 || matrix.size(0) == 1);
  return {data, std::max(matrix.stride(1), matrix.size(0)), true};
}

Operand flipped(Operand x) {
  x.transposed = !x.transposed;
  return x;
}

/// [rows, width], contiguous.
at::Tensor rows_of(const at::Tensor& x) {
  return x.reshape({-1, x.size(-1)}).contiguous();
}

at::Tensor rounded(const at::Tensor& x, at::ScalarType type) {
  return type == at::kFloat ? x : x.to(type).to(at::kFloat);
}

std::vector<std::int64_t> with_last(at::IntArrayRef sizes, std::int64_t last) {
  auto changed = sizes.vec();
  changed.back() = last;
  return changed;
}

/// What the product is added to: residual and bias, or nothing. Memory of its
/// own, contiguous.
at::Tensor start_of(const at::Tensor& residual, const at::Tensor& bias,
                    at::IntArrayRef sizes, const at::TensorOptions& like) {
  if (residual.defined() && bias.defined()) return residual.contiguous() + bias;
  if (residual.defined()) return residual.clone(at::MemoryFormat::Contiguous);
  if (bias.defined())
    return bias.expand(sizes).clone(at::MemoryFormat::Contiguous);
  return at::empty(sizes, like);
}

const Kernels& kernels() {
  static const Kernels& best = *supported_kernels().front();
  return best;
}

/// Rows [from, to) of a contiguous tensor, all dimensions but the last taken as
/// rows.
Rows range(const at::Tensor& x, std::int64_t from, std::int64_t to) {
  const auto width = static_cast<std::size_t>(x.size(-1));
  auto* const data = x.data_ptr<float>() + from * x.size(-1);
  return {reinterpret_cast<std::byte*>(data), Number::f32,
          static_cast<std::size_t>(to - from), width, width};
}

template <class Body>
void for_row_ranges(const at::Tensor& x, Body&& body) {
  if (x.numel() == 0) return;
  constexpr std::int64_t numbers = 1 << 14;  // worth a thread's while
  const auto grain = std::max<std::int64_t>(1, numbers / x.size(-1));
  at::parallel_for(0, x.numel() / x.size(-1), grain, body);
}

at::Tensor fast_activated(const at::Tensor& z, Activation activation) {
  if (activation == Activation::none) return z;
  if (activation != Activation::quick_gelu) return activated(z, activation);
  auto y = at::empty_like(z);
  for_row_ranges(z, [&](std::int64_t from, std::int64_t to) {
    kernels().quick_gelu(range(z, from, to), range(y, from, to));
  });
  return y;
}

at::Tensor activation_gradient(const at::Tensor& gradient, const at::Tensor& z,
                               Activation activation) {
  switch (activation) {
    case Activation::none:
      return gradient;
    case Activation::quick_gelu: {
      auto slope = at::empty_like(z);
      for_row_ranges(z, [&](std::int64_t from, std::int64_t to) {
        kernels().quick_gelu_gradient(range(gradient, from, to),
                                      range(z, from, to),
                                      range(slope, from, to));
      });
      return slope;
    }
    case Activation::gelu:
      return at::gelu_backward(gradient, z);
    case Activation::gelu_tanh:
      return at::gelu_backward(gradient, z, "tanh");
    case Activation::relu:
      return gradient * (z > 0);
    case Activation::sigmoid: {
      const auto s = at::sigmoid(z);
      return at::sigmoid_backward(gradient, s);
    }
  }
  return gradient;
}

struct Linear : torch::autograd::Function<Linear> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x,
                            const at::Tensor& weight, const Optional& bias_in,
                            const Optional& residual_in,
                            std::int64_t activation, std::int64_t type) {
    const auto bias = bias_in.value_or(at::Tensor());
    const auto residual = residual_in.value_or(at::Tensor());
    const auto scalar = static_cast<at::ScalarType>(type);
    const auto chosen = static_cast<Activation>(activation);
    const auto in = rounded(rows_of(x), scalar);
    const auto w = rounded(weight, scalar);
    const auto rows = in.size(0);
    const auto columns = w.size(0);
    auto z =
        start_of(residual, bias, with_last(x.sizes(), columns), in.options());
    const bool adds = residual.defined() || bias.defined();
    sgemm(rows, columns, in.size(1), 1, operand(in), flipped(operand(w)),
          adds ? 1 : 0, z.data_ptr<float>(), columns);
    auto y = fast_activated(z, chosen);
    context->save_for_backward(
        {in, w, chosen == Activation::none ? at::Tensor() : z});
    context->saved_data["activation"] = activation;
    context->saved_data["type"] = type;
    context->saved_data["sizes"] = x.sizes().vec();
    context->saved_data["bias"] = bias.defined();
    context->saved_data["residual"] = residual.defined();
    return y;
  }

  static variable_list backward(AutogradContext* context,
                                variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const auto& [in, w, z] = std::tie(saved[0], saved[1], saved[2]);
    auto& data = context->saved_data;
    const auto type = static_cast<at::ScalarType>(data["type"].toInt());
    auto dz = rows_of(gradients[0]);
    if (z.defined())
      dz = activation_gradient(
          dz, z.view(dz.sizes()),
          static_cast<Activation>(data["activation"].toInt()));
    const auto rows = in.size(0);
    const auto inputs = in.size(1);
    const auto outputs = w.size(0);
    const auto g = rounded(dz, type);
    variable_list result(6);
    if (context->needs_input_grad(0)) {
      auto dx = at::empty(data["sizes"].toIntVector(), in.options());
      sgemm(rows, inputs, outputs, 1, operand(g), operand(w), 0,
            dx.data_ptr<float>(), inputs);
      result[0] = dx;
    }
    if (context->needs_input_grad(1)) {
      auto dw = at::empty({outputs, inputs}, in.options());
      sgemm(outputs, inputs, rows, 1, flipped(operand(g)), operand(in), 0,
            dw.data_ptr<float>(), inputs);
      result[1] = dw;
    }
    if (data["bias"].toBool()) result[2] = dz.sum(0);
    if (data["residual"].toBool()) result[3] = gradients[0];
    return result;
  }
};

}  // namespace

at::Tensor own_linear(const at::Tensor& x, const at::Tensor& weight,
                      const at::Tensor& bias, const at::Tensor& residual,
                      Activation activation, at::ScalarType type) {
  assert(!residual.defined() || activation == Activation::none);
  return Linear::apply(x, weight, if_defined(bias), if_defined(residual),
                       static_cast<std::int64_t>(activation),
                       static_cast<std::int64_t>(type));
}

}  // namespace igrot
