#include "ops/torch/torch_ops.h"

#include <cmath>
#include <numeric>

#include "ops/torch/attention.h"
#include "ops/torch/dropout.h"
#include "ops/torch/linear.h"

namespace igrot {
namespace {

std::int64_t signed_size(std::size_t n) {
  return static_cast<std::int64_t>(n);
}

std::vector<std::int64_t> sizes_of(const Shape& shape) {
  return {shape.begin(), shape.end()};
}

std::vector<at::Tensor> values_of(const std::vector<TorchTensor>& parts) {
  std::vector<at::Tensor> values;
  for (const auto& part : parts) values.push_back(part.value());
  return values;
}

template <class Index>
at::Tensor indices(std::span<const Index> numbers, at::Device device) {
  at::Tensor list = at::empty({signed_size(numbers.size())}, at::kLong);
  std::copy(numbers.begin(), numbers.end(), list.data_ptr<std::int64_t>());
  return list.to(device);
}

/// What is added to the logits of an attention, broadcast to [B, heads, Tq,
/// Tk]; undefined: nothing.
at::Tensor logit_bias(const AttentionOptions<TorchTensor>& options,
                      std::int64_t queries, std::int64_t keys,
                      const at::TensorOptions& like) {
  at::Tensor bias;
  const auto add = [&](const at::Tensor& part) {
    bias = bias.defined() ? bias + part : part;
  };
  if (options.key_bias) {
    const auto given = options.key_bias->value();
    add(given.view({given.size(0), 1, 1, keys}));
  }
  if (options.head_bias)
    add(options.head_bias->value().permute({2, 0, 1}).unsqueeze(0));
  if (options.visibility == Visibility::causal)
    add(at::full({queries, keys}, -INFINITY, like)
            .triu_(1)
            .view({1, 1, queries, keys}));
  return bias;
}

}  // namespace

Shape TorchTensor::shape() const {
  Shape shape(whole_.sizes().begin(), whole_.sizes().end());
  if (!shape.empty()) shape.back() = static_cast<std::size_t>(width_);
  return shape;
}

at::Tensor TorchTensor::value() const {
  if (whole_.dim() == 0 || width_ == whole_.size(-1)) return whole_;
  return whole_.narrow(-1, first_, width_);
}

at::Tensor TorchLinear::matrix() const {
  if (inputs_first) return weight.narrow(1, first, count).t();
  return weight.flatten(1).narrow(0, first, count);
}

at::Tensor TorchLinear::offsets() const {
  return bias.defined() ? bias.narrow(0, first, count) : bias;
}

TorchTensor TorchOps::upload(const igrot::Tensor& host) const {
  auto copy = at::empty(sizes_of(host.shape()), at::kFloat);
  std::copy(host.values().begin(), host.values().end(), copy.data_ptr<float>());
  return TorchTensor(copy.to(options_.device));
}

igrot::Tensor TorchOps::download(const Tensor& x) const {
  const auto value = x.value().detach().to(at::kCPU, at::kFloat).contiguous();
  return igrot::Tensor(x.shape(), {value.data_ptr<float>(),
                                   static_cast<std::size_t>(value.numel())});
}

TorchLinear TorchOps::pack_linear(const igrot::Tensor& weight,
                                  const igrot::Tensor* bias) const {
  Linear linear{.weight = upload(weight).value(), .bias = {}};
  if (bias && bias->size() > 0) linear.bias = upload(*bias).value();
  linear.count = linear.weight.size(0);
  return linear;
}

TorchLinear TorchOps::select_outputs(const Linear& linear, std::size_t first,
                                     std::size_t count) const {
  auto part = linear;
  part.first += signed_size(first);
  part.count = signed_size(count);
  return part;
}

at::Tensor activated(const at::Tensor& x, Activation activation) {
  switch (activation) {
    case Activation::none:
      return x;
    case Activation::quick_gelu:
      return x * at::sigmoid(1.702 * x);
    case Activation::gelu:
      return at::gelu(x);
    case Activation::gelu_tanh:
      return at::gelu(x, "tanh");
    case Activation::relu:
      return at::relu(x);
    case Activation::sigmoid:
      return at::sigmoid(x);
  }
  return x;
}

at::Tensor TorchOps::product(const at::Tensor& x, const Linear& w) const {
  const auto type = options_.product_type;
  auto y = at::linear(x.to(type), w.matrix().to(type)).to(at::kFloat);
  return w.bias.defined() ? y + w.offsets() : y;
}

TorchTensor TorchOps::linear(const Tensor& x, const Linear& w,
                             Activation activation) const {
  if (options_.kernels == TorchKernels::library)
    return Tensor(activated(product(x.value(), w), activation));
  return Tensor(own_linear(x.value(), w.matrix(), w.offsets(), {}, activation,
                           options_.product_type));
}

TorchTensor TorchOps::linear_dropout(const Tensor& x, const Linear& w,
                                     Activation activation,
                                     float probability) const {
  if (!drops(probability)) return linear(x, w, activation);
  const auto dropped =
      dropout(linear(x, w, Activation::none), probability).value();
  return Tensor(activated(dropped, activation));
}

TorchTensor TorchOps::linear_add(const Tensor& x, const Linear& w,
                                 const Tensor& residual,
                                 float probability) const {
  if (drops(probability) || options_.kernels == TorchKernels::library)
    return add(residual, dropout(linear(x, w, Activation::none), probability));
  return Tensor(own_linear(x.value(), w.matrix(), w.offsets(), residual.value(),
                           Activation::none, options_.product_type));
}

TorchTensor TorchOps::layer_norm(const Tensor& x, const Tensor& scale,
                                 const Tensor& shift, float eps) const {
  return Tensor(at::layer_norm(x.value(), {x.width()}, scale.value(),
                               shift.value(), eps));
}

TorchTensor TorchOps::rms_norm(const Tensor& x, const Tensor& scale,
                               float eps) const {
  const auto value = x.value();
  const auto mean = value.square().mean(-1, true);
  return Tensor(value * at::rsqrt(mean + eps) * scale.value());
}

TorchTensor TorchOps::normalize(const Tensor& x) const {
  const auto value = x.value();
  return Tensor(value / value.norm(2, -1, true).clamp_min(1e-12));
}

TorchTensor TorchOps::attention(const Tensor& q, const Tensor& k,
                                const Tensor& v,
                                const AttentionOptions<Tensor>& options) const {
  const auto batch = q.whole().size(0);
  const auto queries = q.whole().size(1);
  const auto keys = k.whole().size(1);
  AttentionInputs in{
      .q = q,
      .k = k,
      .v = v,
      .bias = logit_bias(options, queries, keys, q.whole().options()),
      .kept = {},
      .heads = signed_size(options.heads),
      .scale = options.scale,
      .probability = options.dropout};
  if (drops(options.dropout))
    in.kept = kept({batch, in.heads, queries, keys}, options.dropout);
  return Tensor(options_.kernels == TorchKernels::own
                    ? own_attention(in)
                    : library_attention(in, options_.product_type));
}

TorchTensor TorchOps::patches(const Tensor& pixels, std::size_t side) const {
  const auto value = pixels.value();
  const auto n = signed_size(side);
  const auto grid = value.size(2) / n;
  return Tensor(value.view({value.size(0), 3, grid, n, grid, n})
                    .permute({0, 2, 4, 1, 3, 5})
                    .reshape({value.size(0), grid * grid, 3 * n * n}));
}

TorchTensor TorchOps::embed(std::span<const std::int32_t> ids,
                            const Tensor& table, std::int32_t padding) const {
  return Tensor(
      at::embedding(table.value(), indices(ids, options_.device), padding));
}

TorchTensor TorchOps::reshape(const Tensor& x, const Shape& shape) const {
  return Tensor(x.value().reshape(sizes_of(shape)));
}

TorchTensor TorchOps::columns(const Tensor& x, std::size_t first,
                              std::size_t count) const {
  return {x.whole(), x.first() + signed_size(first), signed_size(count)};
}

TorchTensor TorchOps::gather(const Tensor& x,
                             std::span<const std::size_t> rows) const {
  return Tensor(x.value()
                    .reshape({-1, x.width()})
                    .index_select(0, indices(rows, options_.device)));
}

TorchTensor TorchOps::concat_tokens(const std::vector<Tensor>& parts) const {
  auto values = values_of(parts);
  std::int64_t batch = 1;
  for (const auto& value : values) batch = std::max(batch, value.size(0));
  for (auto& value : values) value = value.expand({batch, -1, -1});
  return Tensor(at::cat(values, 1));
}

TorchTensor TorchOps::concat_columns(const std::vector<Tensor>& parts) const {
  return Tensor(at::cat(values_of(parts), -1));
}

TorchTensor TorchOps::add(const Tensor& x, const Tensor& y) const {
  return Tensor(x.value() + y.value());
}

TorchTensor TorchOps::combine(const Tensor& weights,
                              const std::vector<Tensor>& parts) const {
  const auto shares = weights.value();
  at::Tensor sum;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto part = shares.narrow(1, signed_size(i), 1) * parts[i].value();
    sum = i == 0 ? part : sum + part;
  }
  return Tensor(sum);
}

TorchTensor TorchOps::affine(const Tensor& x, float scale, float shift) const {
  return Tensor(x.value() * scale + shift);
}

at::Tensor TorchOps::kept(at::IntArrayRef sizes, float probability) const {
  return kept_elements(sizes, *options_.dropout, dropouts_++, probability)
      .to(options_.device);
}

TorchTensor TorchOps::dropout(const Tensor& x, float probability) const {
  if (!drops(probability)) return x;
  const auto value = x.value();
  return Tensor(drop(value, kept(value.sizes(), probability), probability));
}

}  // namespace igrot
