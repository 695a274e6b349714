#include "ops/plain/plain_ops.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace igrot {
namespace {

using Host = igrot::Tensor;

float activated(float x, Activation activation) {
  switch (activation) {
    case Activation::none:
      return x;
    case Activation::quick_gelu:
      return x / (1 + std::exp(-1.702F * x));
    case Activation::gelu:
      return 0.5F * x * (1 + std::erf(x * 0.70710678F));
    case Activation::gelu_tanh:
      return 0.5F * x *
             (1 +
              std::tanh(gelu_tanh_scale * (x + gelu_tanh_cubic * x * x * x)));
    case Activation::relu:
      return std::max(x, 0.0F);
    case Activation::sigmoid:
      return 1 / (1 + std::exp(-x));
  }
  return x;
}

float dot(std::span<const float> a, std::span<const float> b) {
  return std::transform_reduce(a.begin(), a.end(), b.begin(), 0.0F);
}

Shape with_last(Shape shape, std::size_t last) {
  shape.back() = last;
  return shape;
}

std::span<float> row(Host& x, std::size_t i) {
  const auto width = x.shape().back();
  return x.values().subspan(i * width, width);
}

/// `map(input row, output row)` for every row of x.
template <class Map>
PlainOps::Tensor map_rows(const PlainOps::Tensor& x, std::size_t out_width,
                          Map&& map) {
  const auto in = x.host().matrix();
  Host out(with_last(x.shape(), out_width));
  for (std::size_t i = 0; i < in.rows; ++i) map(in.row(i), row(out, i));
  return PlainOps::Tensor(std::move(out));
}

void softmax(std::span<float> x) {
  const float top = *std::ranges::max_element(x);
  float sum = 0;
  for (auto& value : x) sum += value = std::exp(value - top);
  for (auto& value : x) value /= sum;
}

}  // namespace

PlainOps::Linear PlainOps::pack_linear(const Host& weight,
                                       const Host* bias) const {
  return {weight, bias ? *bias : Host()};
}

PlainOps::Linear PlainOps::select_outputs(const Linear& linear,
                                          std::size_t first,
                                          std::size_t count) const {
  const auto in = linear.weight.shape()[1];
  Linear part;
  part.weight =
      Host({count, in}, linear.weight.values().subspan(first * in, count * in));
  if (linear.bias.size() > 0)
    part.bias = Host({count}, linear.bias.values().subspan(first, count));
  return part;
}

PlainOps::Tensor PlainOps::linear(const Tensor& x, const Linear& w,
                                  Activation activation) const {
  const auto weight = w.weight.matrix();
  assert(x.shape().back() == weight.columns);
  return map_rows(x, weight.rows, [&](auto in, auto out) {
    for (std::size_t j = 0; j < out.size(); ++j) {
      const float bias = w.bias.size() > 0 ? w.bias.values()[j] : 0;
      out[j] = activated(dot(in, weight.row(j)) + bias, activation);
    }
  });
}

PlainOps::Tensor PlainOps::linear_add(const Tensor& x, const Linear& w,
                                      const Tensor& residual,
                                      float /*probability*/) const {
  return add(residual, linear(x, w, Activation::none));
}

PlainOps::Tensor PlainOps::layer_norm(const Tensor& x, const Tensor& scale,
                                      const Tensor& shift, float eps) const {
  return map_rows(x, x.shape().back(), [&](auto in, auto out) {
    const auto n = static_cast<float>(in.size());
    const float mean = std::accumulate(in.begin(), in.end(), 0.0F) / n;
    float variance = 0;
    for (const float value : in) variance += (value - mean) * (value - mean);
    const float factor = 1 / std::sqrt(variance / n + eps);
    for (std::size_t j = 0; j < in.size(); ++j)
      out[j] = (in[j] - mean) * factor * scale.host().values()[j] +
               shift.host().values()[j];
  });
}

PlainOps::Tensor PlainOps::rms_norm(const Tensor& x, const Tensor& scale,
                                    float eps) const {
  return map_rows(x, x.shape().back(), [&](auto in, auto out) {
    const float mean_square = dot(in, in) / static_cast<float>(in.size());
    const float factor = 1 / std::sqrt(mean_square + eps);
    for (std::size_t j = 0; j < in.size(); ++j)
      out[j] = in[j] * factor * scale.host().values()[j];
  });
}

PlainOps::Tensor PlainOps::normalize(const Tensor& x) const {
  return map_rows(x, x.shape().back(), [](auto in, auto out) {
    const float norm = std::max(std::sqrt(dot(in, in)), 1e-12F);
    for (std::size_t j = 0; j < in.size(); ++j) out[j] = in[j] / norm;
  });
}

PlainOps::Tensor PlainOps::attention(
    const Tensor& q, const Tensor& k, const Tensor& v,
    const AttentionOptions<Tensor>& options) const {
  const auto batch = q.shape()[0];
  const auto queries = q.shape()[1];
  const auto keys = k.shape()[1];
  const auto width = q.shape()[2];
  const auto heads = options.heads;
  const auto head_width = width / heads;
  assert(options.visibility == Visibility::all || queries == keys);

  const auto part = [&](const Tensor& x, std::size_t row_index,
                        std::size_t head) {
    return x.host().values().subspan(row_index * width + head * head_width,
                                     head_width);
  };
  Host out(q.shape());
  std::vector<float> logits(keys);
  for (std::size_t b = 0; b < batch; ++b)
    for (std::size_t h = 0; h < heads; ++h)
      for (std::size_t i = 0; i < queries; ++i) {
        for (std::size_t j = 0; j < keys; ++j) {
          float logit = options.scale * dot(part(q, b * queries + i, h),
                                            part(k, b * keys + j, h));
          if (options.key_bias)
            logit += options.key_bias->host().values()[b * keys + j];
          if (options.head_bias)
            logit +=
                options.head_bias->host().values()[(i * keys + j) * heads + h];
          if (options.visibility == Visibility::causal && j > i)
            logit = -std::numeric_limits<float>::infinity();
          logits[j] = logit;
        }
        softmax(logits);
        const auto target =
            row(out, b * queries + i).subspan(h * head_width, head_width);
        for (std::size_t j = 0; j < keys; ++j)
          for (std::size_t c = 0; c < head_width; ++c)
            target[c] += logits[j] * part(v, b * keys + j, h)[c];
      }
  return Tensor(std::move(out));
}

PlainOps::Tensor PlainOps::patches(const Tensor& pixels,
                                   std::size_t side) const {
  const auto batch = pixels.shape()[0];
  const auto channels = pixels.shape()[1];
  const auto size = pixels.shape()[2];
  const auto grid = size / side;
  Host out({batch, grid * grid, channels * side * side});
  float* target = out.data();
  for (std::size_t b = 0; b < batch; ++b)
    for (std::size_t gy = 0; gy < grid; ++gy)
      for (std::size_t gx = 0; gx < grid; ++gx)
        for (std::size_t c = 0; c < channels; ++c)
          for (std::size_t y = 0; y < side; ++y) {
            const auto line =
                ((b * channels + c) * size + gy * side + y) * size;
            const auto source =
                pixels.host().values().subspan(line + gx * side, side);
            target = std::ranges::copy(source, target).out;
          }
  return Tensor(std::move(out));
}

PlainOps::Tensor PlainOps::embed(std::span<const std::int32_t> ids,
                                 const Tensor& table,
                                 std::int32_t /*padding*/) const {
  const auto rows = table.host().matrix();
  Host out({ids.size(), rows.columns});
  for (std::size_t i = 0; i < ids.size(); ++i)
    std::ranges::copy(rows.row(static_cast<std::size_t>(ids[i])),
                      row(out, i).begin());
  return Tensor(std::move(out));
}

PlainOps::Tensor PlainOps::reshape(const Tensor& x, Shape shape) const {
  return Tensor(Host(x.host()).reshaped(std::move(shape)));
}

PlainOps::Tensor PlainOps::columns(const Tensor& x, std::size_t first,
                                   std::size_t count) const {
  return map_rows(x, count, [&](auto in, auto out) {
    std::ranges::copy(in.subspan(first, count), out.begin());
  });
}

PlainOps::Tensor PlainOps::gather(const Tensor& x,
                                  std::span<const std::size_t> rows) const {
  const auto in = x.host().matrix();
  Host out({rows.size(), in.columns});
  for (std::size_t i = 0; i < rows.size(); ++i)
    std::ranges::copy(in.row(rows[i]), row(out, i).begin());
  return Tensor(std::move(out));
}

PlainOps::Tensor PlainOps::concat_tokens(
    const std::vector<Tensor>& parts) const {
  std::size_t batch = 1;
  std::size_t tokens = 0;
  for (const auto& part : parts) {
    batch = std::max(batch, part.shape()[0]);
    tokens += part.shape()[1];
  }
  Host out({batch, tokens, parts.front().shape()[2]});
  float* target = out.data();
  for (std::size_t b = 0; b < batch; ++b)
    for (const auto& part : parts) {
      const auto size = part.shape()[1] * part.shape()[2];
      const auto from = part.shape()[0] == 1 ? 0 : b * size;
      target =
          std::ranges::copy(part.host().values().subspan(from, size), target)
              .out;
    }
  return Tensor(std::move(out));
}

PlainOps::Tensor PlainOps::concat_columns(
    const std::vector<Tensor>& parts) const {
  std::size_t width = 0;
  for (const auto& part : parts) width += part.shape().back();
  const auto rows = parts.front().host().matrix().rows;
  Host out({rows, width});
  float* target = out.data();
  for (std::size_t i = 0; i < rows; ++i)
    for (const auto& part : parts)
      target = std::ranges::copy(part.host().matrix().row(i), target).out;
  return Tensor(std::move(out));
}

PlainOps::Tensor PlainOps::add(const Tensor& x, const Tensor& y) const {
  Host out = x.host();
  const auto addend = y.host().values();
  for (std::size_t i = 0; i < out.size(); ++i)
    out.data()[i] += addend[i % addend.size()];
  return Tensor(std::move(out));
}

PlainOps::Tensor PlainOps::combine(const Tensor& weights,
                                   const std::vector<Tensor>& parts) const {
  const auto factors = weights.host().matrix();
  Host out(parts.front().shape());
  for (std::size_t i = 0; i < factors.rows; ++i)
    for (std::size_t k = 0; k < parts.size(); ++k) {
      const auto in = parts[k].host().matrix().row(i);
      for (std::size_t j = 0; j < in.size(); ++j)
        row(out, i)[j] += factors.row(i)[k] * in[j];
    }
  return Tensor(std::move(out));
}

PlainOps::Tensor PlainOps::affine(const Tensor& x, float scale,
                                  float shift) const {
  Host out = x.host();
  for (auto& value : out.values()) value = scale * value + shift;
  return Tensor(std::move(out));
}

}  // namespace igrot
