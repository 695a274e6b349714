// What an engine offers to a model. A model is written once against this
// concept; `plain` is the yardstick, the other engines pass the same tests.
//
// Shapes use the letters B batch, T tokens, w width. A tensor's last dimension
// is its width; all before it are rows. Ops return new tensors and leave their
// arguments as they were; an engine may reuse memory nobody else holds. Which
// number type an intermediate result has is the engine's choice; `download`
// and `upload` speak float32.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "igrot/tensor.h"

namespace igrot {

enum class Activation {
  none,
  quick_gelu,  ///< x * sigmoid(1.702 x), as OpenAI's CLIP
  gelu,        ///< x/2 * (1 + erf(x / sqrt 2))
  gelu_tanh,   ///< x/2 * (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))), SigLIP's
  relu,
  sigmoid,
};

/// Factors of gelu_tanh.
inline constexpr float gelu_tanh_scale = 0.79788456F;  // sqrt(2/pi)
inline constexpr float gelu_tanh_cubic = 0.044715F;

/// Which keys a query row sees.
enum class Visibility {
  all,
  causal,  ///< row i sees keys 0..i; needs as many queries as keys
};

/// One attention: softmax(scale * q k^T + biases) v, by head.
template <class T>
struct AttentionOptions {
  std::size_t heads = 1;
  float scale = 1;
  Visibility visibility = Visibility::all;
  const T* key_bias = nullptr;   ///< [B, Tk] added for every head and query
  const T* head_bias = nullptr;  ///< [Tq, Tk, heads] added for every input
  float dropout = 0;             ///< of the softmax's outputs, see `dropout`
};

/// No row of a table is padding.
inline constexpr std::int32_t no_padding = -1;

/// An engine's execution context. `O::Tensor` is a cheap handle to engine
/// memory with `shape()`; `O::Linear` holds the packed weights of one product.
template <class O>
concept Ops = requires(const O& ops, const igrot::Tensor& host,
                       const igrot::Tensor* bias, const typename O::Tensor& x,
                       const typename O::Linear& linear, Shape shape,
                       std::span<const std::int32_t> ids,
                       std::span<const std::size_t> rows,
                       const std::vector<typename O::Tensor>& parts,
                       AttentionOptions<typename O::Tensor> attention,
                       Activation activation, std::size_t n, std::int32_t id,
                       float number) {
  { x.shape() } -> std::convertible_to<Shape>;

  // Between host and engine.
  { ops.upload(host) } -> std::same_as<typename O::Tensor>;
  { ops.download(x) } -> std::same_as<igrot::Tensor>;

  // y = x W^T + b. pack_linear: weight [out, in], bias [out] or null.
  // select_outputs: the same product restricted to outputs [n, n + count).
  { ops.pack_linear(host, bias) } -> std::same_as<typename O::Linear>;
  { ops.select_outputs(linear, n, n) } -> std::same_as<typename O::Linear>;
  { ops.linear(x, linear, activation) } -> std::same_as<typename O::Tensor>;
  // activation(dropout(x W^T + b)) and residual + dropout(x W^T + b).
  {
    ops.linear_dropout(x, linear, activation, number)
    } -> std::same_as<typename O::Tensor>;
  { ops.linear_add(x, linear, x, number) } -> std::same_as<typename O::Tensor>;

  // Over the last dimension; scale and shift [w].
  { ops.layer_norm(x, x, x, number) } -> std::same_as<typename O::Tensor>;
  { ops.rms_norm(x, x, number) } -> std::same_as<typename O::Tensor>;
  { ops.normalize(x) } -> std::same_as<typename O::Tensor>;  // unit rows

  // q [B, Tq, w], k and v [B, Tk, w] -> [B, Tq, w].
  { ops.attention(x, x, x, attention) } -> std::same_as<typename O::Tensor>;

  // Moving rows and columns.
  // patches: [B, 3, S, S] -> [B, (S/n)^2, 3 n n], as a convolution of stride n
  // unfolds them. embed: rows of a table [V, w] -> [ids, w]; row `padding`
  // learns nothing.
  { ops.patches(x, n) } -> std::same_as<typename O::Tensor>;
  { ops.embed(ids, x) } -> std::same_as<typename O::Tensor>;
  { ops.embed(ids, x, id) } -> std::same_as<typename O::Tensor>;
  { ops.reshape(x, shape) } -> std::same_as<typename O::Tensor>;
  // columns [n, n + count) of the last dimension
  { ops.columns(x, n, n) } -> std::same_as<typename O::Tensor>;
  // rows of [R, w] (all leading dimensions taken as R), in the order given
  { ops.gather(x, rows) } -> std::same_as<typename O::Tensor>;
  // [B or 1, T_k, w] joined along T; one with B = 1 is repeated
  { ops.concat_tokens(parts) } -> std::same_as<typename O::Tensor>;
  // [R, w_k] joined along the width
  { ops.concat_columns(parts) } -> std::same_as<typename O::Tensor>;

  // Elementwise. add: y has x's shape, or that of x without leading
  // dimensions, and is then repeated. combine: sum over k of
  // weights[:, k] * parts[k], weights [R, K], parts [R, w].
  { ops.add(x, x) } -> std::same_as<typename O::Tensor>;
  { ops.combine(x, parts) } -> std::same_as<typename O::Tensor>;
  // number * x + number
  { ops.affine(x, number, number) } -> std::same_as<typename O::Tensor>;
  // Zeroes elements with the given probability while training; the identity
  // in every engine that does not train.
  { ops.dropout(x, number) } -> std::same_as<typename O::Tensor>;
};

}  // namespace igrot
