// The fast CPU engine: matrix products by oneDNN with weights packed once, bias
// and activation inside the product; attention and row loops of our own, by
// OpenMP; float32 or bfloat16.
//
// In bfloat16, weights and what goes into a product (norms' outputs, hidden
// activations, queries, keys, values) are bfloat16. Sums (residual stream,
// logits, softmax, unit vectors) are float32.
#pragma once

#include <memory>

#include "igrot/settings.h"
#include "ops/dnnl/rows.h"
#include "ops/ops.h"

namespace igrot {

class Arena;
class DnnlOps;
struct PackedWeights;

/// What contexts share: precision, threads, compiled products, memory. Safe
/// from many threads; a copy is another handle to the same engine.
class DnnlEngine {
 public:
  /// threads: of one computation, >= 1. `Precision::automatic` is bf16 where
  /// the processor multiplies it faster, else f32. Throws Error: unsupported
  /// (bf16 on a processor without any way to multiply it).
  DnnlEngine(Precision precision, std::size_t threads);

  /// f32 or bf16.
  Precision precision() const;
  std::size_t threads() const;

  /// A context for one computation at a time; cheap. It may outlive the engine
  /// handle, and its tensors may outlive it.
  DnnlOps context() const;

  /// Bytes all contexts have ever taken from the system. Constant once every
  /// shape has been seen.
  std::size_t reserved_bytes() const;

 private:
  friend class DnnlOps;
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

/// A handle to rows in engine memory; copies share it.
class DnnlTensor {
 public:
  DnnlTensor() = default;

  /// `rows` lie in `memory` and hold the elements of `shape` in order.
  DnnlTensor(Shape shape, const Rows& rows, std::shared_ptr<std::byte> memory)
      : shape_(std::move(shape)), rows_(rows), memory_(std::move(memory)) {}

  const Shape& shape() const { return shape_; }
  const Rows& rows() const { return rows_; }
  const std::shared_ptr<std::byte>& memory() const { return memory_; }

 private:
  Shape shape_;
  Rows rows_;
  std::shared_ptr<std::byte> memory_;
};

/// Packed weights of one product, usable from every context of their engine.
class DnnlLinear {
 public:
  DnnlLinear() = default;
  explicit DnnlLinear(std::shared_ptr<const PackedWeights> weights)
      : weights_(std::move(weights)) {}

  const PackedWeights& weights() const { return *weights_; }

 private:
  std::shared_ptr<const PackedWeights> weights_;
};

/// One execution context: `Ops` by the engine that made it. For one thread at
/// a time. Where an op takes a tensor by value, moving the last handle in lets
/// it work in place.
class DnnlOps {
 public:
  using Tensor = DnnlTensor;
  using Linear = DnnlLinear;

  DnnlOps(DnnlOps&&) noexcept = default;
  DnnlOps& operator=(DnnlOps&&) = delete;
  ~DnnlOps();

  Tensor upload(const igrot::Tensor& host) const;
  igrot::Tensor download(const Tensor& x) const;

  Linear pack_linear(const igrot::Tensor& weight,
                     const igrot::Tensor* bias) const;
  Linear select_outputs(const Linear& linear, std::size_t first,
                        std::size_t count) const;
  Tensor linear(const Tensor& x, const Linear& w, Activation activation) const;
  Tensor linear_dropout(const Tensor& x, const Linear& w, Activation activation,
                        float /*probability*/) const {
    return linear(x, w, activation);
  }
  Tensor linear_add(const Tensor& x, const Linear& w, Tensor residual,
                    float /*probability*/ = 0) const;

  Tensor layer_norm(const Tensor& x, const Tensor& scale, const Tensor& shift,
                    float eps) const;
  Tensor rms_norm(const Tensor& x, const Tensor& scale, float eps) const;
  Tensor normalize(const Tensor& x) const;

  Tensor attention(const Tensor& q, const Tensor& k, const Tensor& v,
                   const AttentionOptions<Tensor>& options) const;

  Tensor patches(const Tensor& pixels, std::size_t side) const;
  Tensor embed(std::span<const std::int32_t> ids, const Tensor& table,
               std::int32_t padding = no_padding) const;
  Tensor reshape(const Tensor& x, Shape shape) const;
  Tensor columns(const Tensor& x, std::size_t first, std::size_t count) const;
  Tensor gather(const Tensor& x, std::span<const std::size_t> rows) const;
  Tensor concat_tokens(const std::vector<Tensor>& parts) const;
  Tensor concat_columns(const std::vector<Tensor>& parts) const;

  Tensor add(Tensor x, const Tensor& y) const;
  Tensor combine(const Tensor& weights, const std::vector<Tensor>& parts) const;
  Tensor affine(Tensor x, float scale, float shift) const;
  Tensor dropout(const Tensor& x, float /*probability*/) const { return x; }

 private:
  friend class DnnlEngine;
  explicit DnnlOps(std::shared_ptr<DnnlEngine::Impl> engine);

  Tensor make(Shape shape, Number number) const;
  Tensor as(const Tensor& x, Number number) const;
  Tensor writable(Tensor x) const;
  template <class Body>
  void over_rows(const Tensor& x, Body&& body) const;

  std::shared_ptr<DnnlEngine::Impl> engine_;
  std::shared_ptr<Arena> arena_;
};

static_assert(Ops<DnnlOps>);

}  // namespace igrot
