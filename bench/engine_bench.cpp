// How near the engines come to the machine: image towers in the shapes of
// OpenAI's ViT-B/32 and of BLIP-B at 384 pixels with random weights, against
// oneDNN's products of that tower alone (packed weights, no bias, nothing
// fused), run by turns in this process.
//
//   engine_bench [THREADS [ROUNDS [TOWER]]]     "BLIP-B 384": that one alone
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <random>
#include <string>

#include "models/towers.h"
#include "ops/dnnl/dnnl_ops.h"
#include "ops/dnnl/products.h"
#include "ops/plain/plain_ops.h"
#include "tensor/dtype.h"

namespace igrot {
namespace {

constexpr std::size_t width = 768;
constexpr std::size_t layers = 12;

TowersConfig vit_b(Family family, std::size_t d, std::size_t patch,
                   std::size_t grid, Activation activation) {
  TowersConfig c;
  c.family = family;
  c.width = d;
  c.patch = patch;
  c.grid = grid;
  c.vision = {.width = width,
              .layers = layers,
              .heads = 12,
              .mlp_width = 4 * width,
              .activation = activation};
  return c;
}

/// A tower and the batches it is measured with.
struct Subject {
  std::string_view name;
  TowersConfig config;
  std::vector<std::size_t> batches;
};

const std::array subjects{
    Subject{"ViT-B/32",
            vit_b(Family::clip, 512, 32, 7, Activation::quick_gelu),
            {1, 8, 32}},
    Subject{"BLIP-B 384",
            vit_b(Family::blip, 256, 16, 24, Activation::gelu),
            {1, 4}}};

/// Normal numbers of the given standard deviation; the same in every run.
Tensor random_tensor(Shape shape, float deviation) {
  Tensor tensor(std::move(shape));
  std::mt19937 generator(static_cast<std::uint32_t>(tensor.size()));
  std::normal_distribution<float> normal(0, deviation);
  for (auto& value : tensor.values()) value = normal(generator);
  return tensor;
}

/// A visitor that fills every slot with random weights of a trained size.
template <Ops O>
class RandomWeights {
 public:
  explicit RandomWeights(const O& ops) : ops_(ops) {}

  void tensor(const TensorSpec& spec, typename O::Tensor& slot) {
    slot = ops_.upload(random_tensor(spec.shape, 0.5F));
  }

  void linear(const LinearSpec& spec, typename O::Linear& slot) {
    auto shape = spec.weight.shape;
    if (spec.form == WeightForm::inputs_first) std::swap(shape[0], shape[1]);
    const auto inputs = element_count(shape) / shape[0];
    const auto bias = random_tensor({shape[0]}, 0.1F);
    slot = ops_.pack_linear(random_tensor({shape[0], inputs}, 0.03F),
                            spec.bias.name.empty() ? nullptr : &bias);
  }

 private:
  const O& ops_;
};

template <Ops O>
TowerWeights<O> random_tower(const O& ops, const TowersConfig& config) {
  TowerWeights<O> weights;
  if (config.family == Family::blip)
    weights.family.template emplace<BlipWeights<O>>();
  RandomWeights<O> visitor(ops);
  std::visit(
      [&](auto& towers) {
        visit_tensors(towers.vision, config, Scope<RandomWeights<O>>(visitor));
        split_last_block(ops, towers.vision.stack, config.vision);
      },
      weights.family);
  return weights;
}

/// pixels [B, 3, side, side] -> unit rows [B, d], as indexing does.
template <Ops O>
Tensor encode(const O& ops, const TowerWeights<O>& tower,
              const TowersConfig& config, const Tensor& pixels) {
  return ops.download(
      ops.normalize(image_global(ops, tower, config, ops.upload(pixels))));
}

/// The tower's products alone, all from one operand of normal numbers.
class Limit {
 public:
  Limit(const TowersConfig& config, Precision precision, std::size_t threads,
        std::size_t most_images)
      : number_(precision == Precision::bf16 ? Number::bf16 : Number::f32),
        products_(number_, threads),
        operand_(most_images * config.image_rows() * 4 * width *
                 size_bytes(number_)),
        result_(operand_.size()) {
    fill_operand();
    const auto tokens = config.image_rows();
    add(width, 3 * config.patch * config.patch, tokens - 1);
    for (std::size_t i = 0; i + 1 < layers; ++i) {
      add(3 * width, width, tokens);
      add_rest_of_block(tokens);
    }
    // The last block: keys and values of all tokens, all else of one.
    add(width, width, 1);
    add(2 * width, width, tokens);
    add_rest_of_block(1);
    add(config.width, width, 1);
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

  void add_rest_of_block(std::size_t rows_an_image) {
    add(width, width, rows_an_image);
    add(4 * width, width, rows_an_image);
    add(width, 4 * width, rows_an_image);
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

void measure(const Subject& subject, Precision precision, std::size_t threads,
             std::size_t rounds) {
  const auto& config = subject.config;
  const DnnlEngine engine(precision, threads);
  const auto tower = random_tower(engine.context(), config);
  Limit limit(config, precision, threads, subject.batches.back());
  const auto side = config.side();
  for (const auto images : subject.batches) {
    const auto pixels = random_tensor({images, 3, side, side}, 1);
    std::vector<double> engine_times, limit_times, ratios;
    for (std::size_t i = 0; i < rounds + 2; ++i) {
      const auto repeats = images == 1 && side < 300 ? 8 : 1;
      const auto limit_time = seconds([&] {
        for (int n = 0; n < repeats; ++n) limit.run(images);
      });
      const auto engine_time = seconds([&] {
        for (int n = 0; n < repeats; ++n)
          encode(engine.context(), tower, config, pixels);
      });
      if (i < 2) continue;  // products are compiled, memory is taken
      limit_times.push_back(limit_time / repeats);
      engine_times.push_back(engine_time / repeats);
      ratios.push_back(limit_time / engine_time);
    }
    const auto count = static_cast<double>(images);
    std::printf("%-10s %-6s %5s %6zu %10.1f %10.1f %7.3f\n",
                subject.name.data(), "dnnl",
                std::string(name_of(precisions, precision)).c_str(), images,
                count / median(engine_times), count / median(limit_times),
                median(ratios));
    std::fflush(stdout);
  }
}

void measure_plain() {
  const PlainOps ops;
  const auto& config = subjects[0].config;
  const auto tower = random_tower(ops, config);
  const auto side = config.side();
  const auto pixels = random_tensor({1, 3, side, side}, 1);
  const auto time = seconds([&] { encode(ops, tower, config, pixels); });
  std::printf("%-10s %-6s %5s %6d %10.2f\n", subjects[0].name.data(), "plain",
              "f32", 1, 1 / time);
}

}  // namespace
}  // namespace igrot

int main(int argc, char** argv) {
  const auto number = [&](int i, std::size_t otherwise) {
    return argc > i ? std::strtoul(argv[i], nullptr, 10) : otherwise;
  };
  const auto threads = std::max(number(1, 1), std::size_t{1});
  const auto rounds = std::max(number(2, 9), std::size_t{1});
  std::printf("image towers, %zu thread(s), median of %zu\n", threads, rounds);
  std::printf("%-10s %-6s %5s %6s %10s %10s %7s\n", "tower", "engine", "",
              "batch", "images/s", "limit/s", "ratio");
  const std::string_view chosen = argc > 3 ? argv[3] : "";
  if (chosen.empty()) igrot::measure_plain();
  for (const auto& subject : igrot::subjects) {
    if (!chosen.empty() && subject.name != chosen) continue;
    igrot::measure(subject, igrot::Precision::f32, threads, rounds);
    if (igrot::Products::has_fast_bf16())
      igrot::measure(subject, igrot::Precision::bf16, threads, rounds);
  }
}
