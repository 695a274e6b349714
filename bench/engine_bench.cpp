// How near the engines come to the machine: the image tower of ViT-B/32 in
// OpenAI's shapes with random weights, against oneDNN's products of that tower
// alone (packed weights, no bias, nothing fused), run by turns in this process.
//
//   engine_bench [THREADS [ROUNDS]]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <random>
#include <string>

#include "ops/dnnl/dnnl_ops.h"
#include "ops/dnnl/products.h"
#include "ops/plain/plain_ops.h"
#include "tensor/dtype.h"

namespace igrot {
namespace {

constexpr std::size_t side = 224;
constexpr std::size_t patch = 32;
constexpr std::size_t grid = side / patch;
constexpr std::size_t tokens = grid * grid + 1;
constexpr std::size_t width = 768;
constexpr std::size_t heads = 12;
constexpr std::size_t layers = 12;
constexpr std::size_t shared_width = 512;
constexpr float eps = 1e-5F;

/// Normal numbers of the given standard deviation; the same in every run.
Tensor random_tensor(Shape shape, float deviation) {
  Tensor tensor(std::move(shape));
  std::mt19937 generator(static_cast<std::uint32_t>(tensor.size()));
  std::normal_distribution<float> normal(0, deviation);
  for (auto& value : tensor.values()) value = normal(generator);
  return tensor;
}

template <class O>
struct Norm {
  explicit Norm(const O& ops)
      : scale(ops.upload(random_tensor({width}, 0.5F))),
        shift(ops.upload(random_tensor({width}, 0.5F))) {}
  typename O::Tensor scale, shift;
};

template <class O>
typename O::Linear random_linear(const O& ops, std::size_t outputs,
                                 std::size_t inputs) {
  const auto bias = random_tensor({outputs}, 0.1F);
  return ops.pack_linear(random_tensor({outputs, inputs}, 0.03F), &bias);
}

template <class O>
struct Block {
  explicit Block(const O& ops)
      : norm1(ops),
        norm2(ops),
        in(random_linear(ops, 3 * width, width)),
        out(random_linear(ops, width, width)),
        up(random_linear(ops, 4 * width, width)),
        down(random_linear(ops, width, 4 * width)) {}
  Norm<O> norm1, norm2;
  typename O::Linear in, out, up, down;
};

template <class O>
struct Tower {
  explicit Tower(const O& ops)
      : patches(ops.pack_linear(
            random_tensor({width, 3 * patch * patch}, 0.02F), nullptr)),
        class_token(ops.upload(random_tensor({1, 1, width}, 0.1F))),
        positions(ops.upload(random_tensor({tokens, width}, 0.1F))),
        before(ops),
        after(ops),
        projection(ops.pack_linear(random_tensor({shared_width, width}, 0.03F),
                                   nullptr)) {
    // Weights of its own for each block: shared ones would stay in the caches.
    for (std::size_t i = 0; i < layers; ++i) blocks.emplace_back(ops);
  }
  typename O::Linear patches;
  typename O::Tensor class_token, positions;
  Norm<O> before, after;
  std::vector<Block<O>> blocks;
  typename O::Linear projection;
};

template <class O>
typename O::Tensor pass(const O& ops, const Block<O>& w, typename O::Tensor x) {
  auto h = ops.layer_norm(x, w.norm1.scale, w.norm1.shift, eps);
  h = ops.linear(h, w.in, Activation::none);
  h = ops.attention(ops.columns(h, 0, width), ops.columns(h, width, width),
                    ops.columns(h, 2 * width, width),
                    {.heads = heads, .scale = 0.125F});
  x = ops.linear_add(h, w.out, std::move(x));
  h = ops.layer_norm(x, w.norm2.scale, w.norm2.shift, eps);
  h = ops.linear(h, w.up, Activation::quick_gelu);
  return ops.linear_add(h, w.down, std::move(x));
}

/// pixels [B, 3, side, side] -> unit rows [B, shared width].
template <class O>
Tensor encode(const O& ops, const Tower<O>& w, const Tensor& pixels) {
  auto x = ops.linear(ops.patches(ops.upload(pixels), patch), w.patches,
                      Activation::none);
  x = ops.add(ops.concat_tokens({w.class_token, x}), w.positions);
  x = ops.layer_norm(x, w.before.scale, w.before.shift, eps);
  for (const auto& block : w.blocks) x = pass(ops, block, std::move(x));
  std::vector<std::size_t> rows(pixels.shape()[0]);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = i * tokens;
  x = ops.layer_norm(ops.gather(x, rows), w.after.scale, w.after.shift, eps);
  x = ops.linear(x, w.projection, Activation::none);
  return ops.download(ops.normalize(x));
}

/// The tower's products alone, all from one operand of normal numbers.
class Limit {
 public:
  Limit(Precision precision, std::size_t threads, std::size_t most_images)
      : number_(precision == Precision::bf16 ? Number::bf16 : Number::f32),
        products_(number_, threads),
        operand_(most_images * tokens * 4 * width * size_bytes(number_)),
        result_(operand_.size()) {
    fill_operand();
    add(width, 3 * patch * patch, tokens - 1);
    for (std::size_t i = 0; i < layers; ++i) {
      add(3 * width, width, tokens);
      add(width, width, tokens);
      add(4 * width, width, tokens);
      add(width, 4 * width, tokens);
    }
    add(shared_width, width, 1);
  }

  void run(std::size_t images) {
    for (const auto& step : steps_) {
      const auto inputs = Products::inputs(*step.weights);
      const auto outputs = Products::outputs(*step.weights);
      const auto rows = images * step.rows_an_image;
      products_.multiply(
          {operand_.data(), number_, rows, inputs, inputs}, *step.weights,
          {result_.data(), number_, rows, outputs, outputs}, {}, *arena_);
    }
  }

 private:
  struct Step {
    std::shared_ptr<const PackedWeights> weights;
    std::size_t rows_an_image;
  };

  void add(std::size_t outputs, std::size_t inputs, std::size_t rows_an_image) {
    const auto weight = random_tensor({outputs, inputs}, 0.03F);
    steps_.push_back({products_.pack(weight, nullptr), rows_an_image});
  }

  void fill_operand() {
    const auto values =
        random_tensor({operand_.size() / size_bytes(number_)}, 1);
    if (number_ == Number::f32) {
      std::memcpy(operand_.data(), values.data(), operand_.size());
      return;
    }
    auto* target = reinterpret_cast<std::uint16_t*>(operand_.data());
    std::ranges::transform(values.values(), target, bfloat_from_float);
  }

  Number number_;
  Products products_;
  std::vector<std::byte> operand_, result_;
  std::shared_ptr<Arena> arena_ = std::make_shared<Arena>();
  std::vector<Step> steps_;
};

double seconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
      .count();
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

void measure(Precision precision, std::size_t threads, std::size_t rounds) {
  const DnnlEngine engine(precision, threads);
  const Tower<DnnlOps> tower(engine.context());
  Limit limit(precision, threads, 32);
  for (const std::size_t images : {1, 8, 32}) {
    const auto pixels = random_tensor({images, 3, side, side}, 1);
    std::vector<double> engine_times, limit_times, ratios;
    for (std::size_t i = 0; i < rounds + 2; ++i) {
      const auto repeats = images == 1 ? 8 : 1;
      const auto limit_time = seconds([&] {
        for (int n = 0; n < repeats; ++n) limit.run(images);
      });
      const auto engine_time = seconds([&] {
        for (int n = 0; n < repeats; ++n)
          encode(engine.context(), tower, pixels);
      });
      if (i < 2) continue;  // products are compiled, memory is taken
      limit_times.push_back(limit_time / repeats);
      engine_times.push_back(engine_time / repeats);
      ratios.push_back(limit_time / engine_time);
    }
    const auto count = static_cast<double>(images);
    std::printf("%-6s %5s %6zu %10.1f %10.1f %7.3f\n", "dnnl",
                std::string(name_of(precisions, precision)).c_str(), images,
                count / median(engine_times), count / median(limit_times),
                median(ratios));
    std::fflush(stdout);
  }
}

void measure_plain() {
  const PlainOps ops;
  const Tower<PlainOps> tower(ops);
  const auto pixels = random_tensor({1, 3, side, side}, 1);
  const auto time = seconds([&] { encode(ops, tower, pixels); });
  std::printf("%-6s %5s %6d %10.2f\n", "plain", "f32", 1, 1 / time);
}

}  // namespace
}  // namespace igrot

int main(int argc, char** argv) {
  const auto number = [&](int i, std::size_t otherwise) {
    return argc > i ? std::strtoul(argv[i], nullptr, 10) : otherwise;
  };
  const auto threads = std::max(number(1, 1), std::size_t{1});
  const auto rounds = std::max(number(2, 9), std::size_t{1});
  std::printf("ViT-B/32 image tower, %zu thread(s), median of %zu\n", threads,
              rounds);
  std::printf("%-6s %5s %6s %10s %10s %7s\n", "engine", "", "batch", "images/s",
              "limit/s", "ratio");
  igrot::measure_plain();
  igrot::measure(igrot::Precision::f32, threads, rounds);
  if (igrot::Products::has_fast_bf16())
    igrot::measure(igrot::Precision::bf16, threads, rounds);
}
