// The engine that learns: libtorch's tensors, whose gradients autograd keeps.
// On a processor the products, attention and dropout are our own functions
// over oneDNN (float32); `TorchKernels::library` computes the same with
// libtorch's operations, on any device, and is what they are tested against.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "ops/ops.h"

namespace igrot {

/// What names the random numbers of dropout: they depend on nothing else, not
/// on threads, nor on which other samples share a batch.
struct DropoutKeys {
  std::uint64_t seed = 0;
  std::uint64_t epoch = 0;
  std::uint64_t step = 0;
  std::vector<std::uint64_t> samples;  ///< of each input of the batch
};

enum class TorchKernels {
  own,      ///< processors only
  library,  ///< libtorch's operations
};

struct TorchOptions {
  TorchKernels kernels = TorchKernels::own;
  at::Device device = at::kCPU;
  /// What weights and inputs of products are rounded to; sums are float32.
  at::ScalarType product_type = at::kFloat;
  /// Unset: nothing is dropped.
  std::optional<DropoutKeys> dropout;
};

/// A tensor, or columns of one: attention reads queries, keys and values where
/// the product left them.
class TorchTensor {
 public:
  TorchTensor() = default;
  explicit TorchTensor(at::Tensor whole)
      : whole_(std::move(whole)), width_(whole_.defined() ? last_size() : 0) {}
  TorchTensor(at::Tensor whole, std::int64_t first, std::int64_t width)
      : whole_(std::move(whole)), first_(first), width_(width) {}

  Shape shape() const;
  at::Tensor value() const;

  const at::Tensor& whole() const { return whole_; }
  std::int64_t first() const { return first_; }
  std::int64_t width() const { return width_; }

 private:
  std::int64_t last_size() const {
    return whole_.dim() > 0 ? whole_.size(-1) : 1;
  }

  at::Tensor whole_;
  std::int64_t first_ = 0;
  std::int64_t width_ = 0;
};

/// A product's weight as the state dict has it, or `count` of its outputs.
struct TorchLinear {
  at::Tensor weight;  ///< [out, ...], or [in, out] with `inputs_first`
  at::Tensor bias;    ///< [out]; undefined: none
  bool inputs_first = false;
  std::int64_t first = 0;
  std::int64_t count = 0;

  at::Tensor matrix() const;   ///< [count, in]: a view
  at::Tensor offsets() const;  ///< [count] or undefined
};

/// `Ops` by libtorch. A value for one pass: it counts the dropouts of the pass,
/// each of which draws from a stream of its own.
class TorchOps {
 public:
  using Tensor = TorchTensor;
  using Linear = TorchLinear;

  TorchOps() = default;
  explicit TorchOps(TorchOptions options) : options_(std::move(options)) {}

  Tensor upload(const igrot::Tensor& host) const;
  igrot::Tensor download(const Tensor& x) const;

  Linear pack_linear(const igrot::Tensor& weight,
                     const igrot::Tensor* bias) const;
  Linear select_outputs(const Linear& linear, std::size_t first,
                        std::size_t count) const;
  Tensor linear(const Tensor& x, const Linear& w, Activation activation) const;
  Tensor linear_dropout(const Tensor& x, const Linear& w, Activation activation,
                        float probability) const;
  Tensor linear_add(const Tensor& x, const Linear& w, const Tensor& residual,
                    float probability = 0) const;

  Tensor layer_norm(const Tensor& x, const Tensor& scale, const Tensor& shift,
                    float eps) const;
  Tensor rms_norm(const Tensor& x, const Tensor& scale, float eps) const;
  Tensor normalize(const Tensor& x) const;

  Tensor attention(const Tensor& q, const Tensor& k, const Tensor& v,
                   const AttentionOptions<Tensor>& options) const;

  Tensor patches(const Tensor& pixels, std::size_t side) const;
  Tensor embed(std::span<const std::int32_t> ids, const Tensor& table,
               std::int32_t padding = no_padding) const;
  Tensor reshape(const Tensor& x, const Shape& shape) const;
  Tensor columns(const Tensor& x, std::size_t first, std::size_t count) const;
  Tensor gather(const Tensor& x, std::span<const std::size_t> rows) const;
  Tensor concat_tokens(const std::vector<Tensor>& parts) const;
  Tensor concat_columns(const std::vector<Tensor>& parts) const;

  Tensor add(const Tensor& x, const Tensor& y) const;
  Tensor combine(const Tensor& weights, const std::vector<Tensor>& parts) const;
  Tensor affine(const Tensor& x, float scale, float shift) const;
  Tensor dropout(const Tensor& x, float probability) const;

 private:
  bool drops(float probability) const {
    return options_.dropout && probability > 0;
  }
  /// 1 where an element stays; [samples, ...].
  at::Tensor kept(at::IntArrayRef sizes, float probability) const;
  at::Tensor product(const at::Tensor& x, const Linear& w) const;

  TorchOptions options_;
  mutable std::uint64_t dropouts_ = 0;
};

static_assert(Ops<TorchOps>);

/// The activation by libtorch's operations.
at::Tensor activated(const at::Tensor& x, Activation activation);

}  // namespace igrot
