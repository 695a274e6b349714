// An engine that computes nothing: it writes down what a model does, as an ONNX
// graph for any batch. A model is traced with a batch of two; a first dimension
// that depends on it stays open in the graph.
#pragma once

#include <memory>
#include <optional>

#include "ops/onnx/onnx_graph.h"
#include "ops/plain/plain_ops.h"

namespace igrot {

/// What texts a model is traced with stand for in the graph.
struct OnnxTexts {
  /// Ids of the trace; where they are embedded, the input of that name is.
  std::span<const std::int32_t> ids;
  std::string ids_input;

  /// The position of each text's global row in the trace, and the value [batch,
  /// 1] that holds it in the graph.
  std::size_t end_position = 0;
  std::string end_value;
};

class OnnxOps {
 public:
  /// Inputs of a trace.
  static constexpr std::size_t batch = 2;

  class Tensor {
   public:
    Tensor() = default;
    /// A constant; it enters a graph where it is used.
    explicit Tensor(igrot::Tensor host)
        : shape_(host.shape()),
          host_(std::make_shared<const igrot::Tensor>(std::move(host))) {}
    /// A value of the graph. is_open: its first dimension grows with the batch.
    Tensor(std::string name, Shape shape, bool is_open = true)
        : name_(std::move(name)), shape_(std::move(shape)), is_open_(is_open) {}

    const Shape& shape() const { return shape_; }
    bool is_open() const { return is_open_; }
    const igrot::Tensor* host() const { return host_.get(); }
    const std::string& name() const { return name_; }

   private:
    std::string name_;
    Shape shape_;
    bool is_open_ = false;
    std::shared_ptr<const igrot::Tensor> host_;
  };

  using Linear = PlainOps::Linear;

  /// For loading weights alone: without a graph nothing but constants can be
  /// made.
  OnnxOps() = default;
  explicit OnnxOps(OnnxGraph& graph, OnnxTexts texts = {})
      : graph_(&graph), texts_(std::move(texts)) {}

  /// An input of the graph, [batch, rest...].
  Tensor input(std::string_view name, const Shape& rest) const;

  Tensor upload(const igrot::Tensor& host) const { return Tensor(host); }
  igrot::Tensor download(const Tensor& x) const;

  Linear pack_linear(const igrot::Tensor& weight,
                     const igrot::Tensor* bias) const {
    return PlainOps().pack_linear(weight, bias);
  }
  Linear select_outputs(const Linear& linear, std::size_t first,
                        std::size_t count) const {
    return PlainOps().select_outputs(linear, first, count);
  }
  Tensor linear(const Tensor& x, const Linear& w, Activation activation) const;
  Tensor linear_dropout(const Tensor& x, const Linear& w, Activation activation,
                        float /*probability*/) const {
    return linear(x, w, activation);
  }
  Tensor linear_add(const Tensor& x, const Linear& w, const Tensor& residual,
                    float /*probability*/ = 0) const {
    return add(residual, linear(x, w, Activation::none));
  }

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

 private:
  std::string value(const Tensor& x) const;
  std::string activated(const std::string& x, Activation activation) const;
  std::string heads_apart(const Tensor& x, std::size_t heads,
                          std::vector<std::int64_t> order) const;
  std::string logits(const Tensor& q, const Tensor& k,
                     const AttentionOptions<Tensor>& options) const;
  std::string reshaped(const std::string& x,
                       std::span<const std::int64_t> shape) const;
  Tensor gather_open(const Tensor& x, std::span<const std::size_t> rows) const;
  std::string repeated(const Tensor& constant, const Tensor& like) const;

  OnnxGraph* graph_ = nullptr;
  OnnxTexts texts_;
};

static_assert(Ops<OnnxOps>);

}  // namespace igrot
