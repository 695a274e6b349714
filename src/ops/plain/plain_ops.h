// The yardstick engine: float32, one thread, loops one can check by eye.
#pragma once

#include <memory>

#include "ops/ops.h"

namespace igrot {

class PlainOps {
 public:
  /// A shared, never changed host tensor.
  class Tensor {
   public:
    Tensor() = default;
    explicit Tensor(igrot::Tensor host)
        : host_(std::make_shared<const igrot::Tensor>(std::move(host))) {}
    const Shape& shape() const { return host_->shape(); }
    const igrot::Tensor& host() const { return *host_; }

   private:
    std::shared_ptr<const igrot::Tensor> host_;
  };

  struct Linear {
    igrot::Tensor weight;  ///< [out, in]
    igrot::Tensor bias;    ///< [out]; empty: none
  };

  Tensor upload(const igrot::Tensor& host) const { return Tensor(host); }
  igrot::Tensor download(const Tensor& x) const { return x.host(); }

  Linear pack_linear(const igrot::Tensor& weight,
                     const igrot::Tensor* bias) const;
  Linear select_outputs(const Linear& linear, std::size_t first,
                        std::size_t count) const;
  Tensor linear(const Tensor& x, const Linear& w, Activation activation) const;
  Tensor linear_dropout(const Tensor& x, const Linear& w, Activation activation,
                        float /*probability*/) const {
    return linear(x, w, activation);
  }
  Tensor linear_add(const Tensor& x, const Linear& w, const Tensor& residual,
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

  Tensor add(const Tensor& x, const Tensor& y) const;
  Tensor combine(const Tensor& weights, const std::vector<Tensor>& parts) const;
  Tensor affine(const Tensor& x, float scale, float shift) const;
  Tensor dropout(const Tensor& x, float /*probability*/) const { return x; }
};

static_assert(Ops<PlainOps>);

}  // namespace igrot
