// Products, norms, movement and elementwise ops; attention has its own file.
#include "ops/dnnl/dnnl_ops.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "ops/dnnl/dnnl_engine.h"
#include "ops/dnnl/parallel.h"

namespace igrot {
namespace {

/// Rows are cut among threads from about this many numbers a thread on.
constexpr std::size_t numbers_a_thread = 8192;

Shape with_last(Shape shape, std::size_t last) {
  shape.back() = last;
  return shape;
}

std::size_t width_of(const Shape& shape) {
  return shape.empty() ? 1 : shape.back();
}

const float* floats(const DnnlTensor& x) {
  assert(x.rows().number == Number::f32);
  return reinterpret_cast<const float*>(x.rows().data);
}

/// Rows of numbers one behind the other in host memory. Kernels take input and
/// output as the same type; they write only the latter.
Rows host_rows(const igrot::Tensor& host) {
  const auto view = host.matrix();
  auto* data = reinterpret_cast<std::byte*>(const_cast<float*>(view.data));
  return {data, Number::f32, view.rows, view.columns, view.columns};
}

bool contiguous(const Rows& rows) {
  return rows.stride == rows.width || rows.count <= 1;
}

}  // namespace

DnnlTensor DnnlOps::make(Shape shape, Number number) const {
  const auto width = width_of(shape);
  const auto count = width == 0 ? 0 : element_count(shape) / width;
  auto memory = arena_->take(count * width * size_bytes(number));
  const Rows rows{memory.get(), number, count, width, width};
  return {std::move(shape), rows, std::move(memory)};
}

/// body(first row, row behind the last) by ranges of x's rows.
template <class Body>
void DnnlOps::over_rows(const Tensor& x, Body&& body) const {
  const auto& rows = x.rows();
  const auto grain = numbers_a_thread / std::max<std::size_t>(rows.width, 1);
  parallel_ranges(engine_->threads, rows.count, grain + 1,
                  [&](std::size_t first, std::size_t last, std::size_t) {
                    body(first, last);
                  });
}

/// x itself if it has that number type and no gaps, else a copy that does.
DnnlTensor DnnlOps::as(const Tensor& x, Number number) const {
  if (x.rows().number == number && contiguous(x.rows())) return x;
  auto out = make(x.shape(), number);
  over_rows(x, [&](std::size_t first, std::size_t last) {
    engine_->kernels.copy(x.rows().slice(first, last),
                          out.rows().slice(first, last));
  });
  return out;
}

/// Float32 rows with x's numbers that nobody else sees: x itself if this was
/// its last handle, else a copy.
DnnlTensor DnnlOps::writable(Tensor x) const {
  const auto& rows = x.rows();
  if (rows.number == Number::f32 && contiguous(rows) &&
      x.memory().use_count() == 1)
    return x;
  auto out = make(x.shape(), Number::f32);
  over_rows(x, [&](std::size_t first, std::size_t last) {
    engine_->kernels.copy(x.rows().slice(first, last),
                          out.rows().slice(first, last));
  });
  return out;
}

DnnlTensor DnnlOps::upload(const igrot::Tensor& host) const {
  auto out = make(host.shape(), Number::f32);
  over_rows(out, [&](std::size_t first, std::size_t last) {
    engine_->kernels.copy(host_rows(host).slice(first, last),
                          out.rows().slice(first, last));
  });
  return out;
}

igrot::Tensor DnnlOps::download(const Tensor& x) const {
  igrot::Tensor host(x.shape());
  over_rows(x, [&](std::size_t first, std::size_t last) {
    engine_->kernels.copy(x.rows().slice(first, last),
                          host_rows(host).slice(first, last));
  });
  return host;
}

DnnlLinear DnnlOps::pack_linear(const igrot::Tensor& weight,
                                const igrot::Tensor* bias) const {
  return DnnlLinear(engine_->products.pack(weight, bias));
}

DnnlLinear DnnlOps::select_outputs(const Linear& linear, std::size_t first,
                                   std::size_t count) const {
  return DnnlLinear(
      engine_->products.select_outputs(linear.weights(), first, count));
}

DnnlTensor DnnlOps::linear(const Tensor& x, const Linear& w,
                           Activation activation) const {
  const auto outputs = Products::outputs(w.weights());
  auto out = make(with_last(x.shape(), outputs), engine_->hidden);
  // The product reads rows with gaps as they are, but not another type.
  const auto in =
      x.rows().number == engine_->hidden ? x : as(x, engine_->hidden);
  engine_->products.multiply(in.rows(), w.weights(), out.rows(),
                             {.activation = activation}, *arena_);
  return out;
}

DnnlTensor DnnlOps::linear_add(const Tensor& x, const Linear& w,
                               Tensor residual, float /*probability*/) const {
  const auto in =
      x.rows().number == engine_->hidden ? x : as(x, engine_->hidden);
  auto out = writable(std::move(residual));
  engine_->products.multiply(in.rows(), w.weights(), out.rows(),
                             {.accumulate = true}, *arena_);
  return out;
}

DnnlTensor DnnlOps::layer_norm(const Tensor& x, const Tensor& scale,
                               const Tensor& shift, float eps) const {
  auto out = make(x.shape(), engine_->hidden);
  over_rows(x, [&](std::size_t first, std::size_t last) {
    engine_->kernels.layer_norm(x.rows().slice(first, last),
                                out.rows().slice(first, last), floats(scale),
                                floats(shift), eps);
  });
  return out;
}

DnnlTensor DnnlOps::rms_norm(const Tensor& x, const Tensor& scale,
                             float eps) const {
  auto out = make(x.shape(), engine_->hidden);
  over_rows(x, [&](std::size_t first, std::size_t last) {
    engine_->kernels.rms_norm(x.rows().slice(first, last),
                              out.rows().slice(first, last), floats(scale),
                              eps);
  });
  return out;
}

DnnlTensor DnnlOps::normalize(const Tensor& x) const {
  auto out = make(x.shape(), Number::f32);
  over_rows(x, [&](std::size_t first, std::size_t last) {
    engine_->kernels.normalize(x.rows().slice(first, last),
                               out.rows().slice(first, last));
  });
  return out;
}

DnnlTensor DnnlOps::patches(const Tensor& pixels, std::size_t side) const {
  const auto& shape = pixels.shape();
  const auto channels = shape[1];
  const auto size = shape[2];
  const auto grid = size / side;
  const auto in = as(pixels, pixels.rows().number);
  // They go into a product next: in its number type at once.
  auto out =
      make({shape[0], grid * grid, channels * side * side}, engine_->hidden);
  const auto lines = in.rows();
  parallel_ranges(
      engine_->threads, shape[0] * grid, 1,
      [&](std::size_t first, std::size_t last, std::size_t) {
        for (auto i = first; i < last; ++i)
          for (std::size_t patch = 0; patch < grid; ++patch)
            for (std::size_t c = 0; c < channels; ++c) {
              // Band i of the batch: lines [top, top + side) of a channel.
              const auto top =
                  (i / grid * channels + c) * size + i % grid * side;
              const auto target =
                  out.rows().slice(i * grid + patch, i * grid + patch + 1);
              const auto part = target.columns(c * side * side, side * side);
              engine_->kernels.copy(
                  lines.slice(top, top + side).columns(patch * side, side),
                  {part.data, part.number, side, side, side});
            }
      });
  return out;
}

DnnlTensor DnnlOps::embed(std::span<const std::int32_t> ids,
                          const Tensor& table, std::int32_t /*padding*/) const {
  std::vector<std::size_t> rows(ids.size());
  std::ranges::transform(ids, rows.begin(),
                         [](auto id) { return static_cast<std::size_t>(id); });
  return gather(table, rows);
}

DnnlTensor DnnlOps::reshape(const Tensor& x, Shape shape) const {
  assert(element_count(shape) == element_count(x.shape()));
  const auto width = width_of(shape);
  auto rows = x.rows();
  if (width == rows.width) return {std::move(shape), rows, x.memory()};
  const auto whole = as(x, rows.number);
  const auto count = width == 0 ? 0 : rows.count * rows.width / width;
  rows = {whole.rows().data, rows.number, count, width, width};
  return {std::move(shape), rows, whole.memory()};
}

DnnlTensor DnnlOps::columns(const Tensor& x, std::size_t first,
                            std::size_t count) const {
  assert(first + count <= x.rows().width);
  return {with_last(x.shape(), count), x.rows().columns(first, count),
          x.memory()};
}

DnnlTensor DnnlOps::gather(const Tensor& x,
                           std::span<const std::size_t> rows) const {
  auto out = make({rows.size(), x.rows().width}, x.rows().number);
  over_rows(out, [&](std::size_t first, std::size_t last) {
    for (auto i = first; i < last; ++i) {
      assert(rows[i] < x.rows().count);
      engine_->kernels.copy(x.rows().slice(rows[i], rows[i] + 1),
                            out.rows().slice(i, i + 1));
    }
  });
  return out;
}

DnnlTensor DnnlOps::concat_tokens(const std::vector<Tensor>& parts) const {
  std::size_t batch = 1;
  std::size_t tokens = 0;
  for (const auto& part : parts) {
    batch = std::max(batch, part.shape()[0]);
    tokens += part.shape()[1];
  }
  // What is joined becomes a residual stream: sums are float32.
  auto out = make({batch, tokens, parts.front().shape()[2]}, Number::f32);
  parallel_ranges(engine_->threads, batch, 1,
                  [&](std::size_t first, std::size_t last, std::size_t) {
                    for (auto b = first; b < last; ++b) {
                      auto row = b * tokens;
                      for (const auto& part : parts) {
                        const auto count = part.shape()[1];
                        const auto from = part.shape()[0] == 1 ? 0 : b * count;
                        engine_->kernels.copy(
                            part.rows().slice(from, from + count),
                            out.rows().slice(row, row + count));
                        row += count;
                      }
                    }
                  });
  return out;
}

DnnlTensor DnnlOps::concat_columns(const std::vector<Tensor>& parts) const {
  std::size_t width = 0;
  auto number = Number::bf16;
  for (const auto& part : parts) {
    width += part.rows().width;
    if (part.rows().number == Number::f32) number = Number::f32;
  }
  auto out = make({parts.front().rows().count, width}, number);
  over_rows(out, [&](std::size_t first, std::size_t last) {
    std::size_t column = 0;
    for (const auto& part : parts) {
      const auto columns = part.rows().width;
      engine_->kernels.copy(
          part.rows().slice(first, last),
          out.rows().slice(first, last).columns(column, columns));
      column += columns;
    }
  });
  return out;
}

DnnlTensor DnnlOps::add(Tensor x, const Tensor& y) const {
  const auto period = std::max<std::size_t>(y.rows().count, 1);
  assert(x.rows().width == y.rows().width && x.rows().count % period == 0);
  auto out = writable(std::move(x));
  over_rows(out, [&](std::size_t first, std::size_t last) {
    while (first < last) {
      const auto begin = first % period;
      const auto count = std::min(last - first, period - begin);
      const auto rows = out.rows().slice(first, first + count);
      engine_->kernels.add(rows, y.rows().slice(begin, begin + count), rows);
      first += count;
    }
  });
  return out;
}

DnnlTensor DnnlOps::combine(const Tensor& weights,
                            const std::vector<Tensor>& parts) const {
  auto out = make(parts.front().shape(), Number::f32);
  const auto factors = as(weights, Number::f32);
  over_rows(out, [&](std::size_t first, std::size_t last) {
    const auto target = out.rows().slice(first, last);
    for (std::size_t k = 0; k < parts.size(); ++k) {
      const auto part = parts[k].rows().slice(first, last);
      if (k == 0) engine_->kernels.affine(part, target, 0, 0);
      engine_->kernels.accumulate(part,
                                  floats(factors) + first * parts.size() + k,
                                  parts.size(), target);
    }
  });
  return out;
}

DnnlTensor DnnlOps::affine(Tensor x, float scale, float shift) const {
  auto out = writable(std::move(x));
  over_rows(out, [&](std::size_t first, std::size_t last) {
    const auto rows = out.rows().slice(first, last);
    engine_->kernels.affine(rows, rows, scale, shift);
  });
  return out;
}

}  // namespace igrot
