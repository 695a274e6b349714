// A small model of random shape on the fast engine and on the plain one: the
// same numbers, as far as float32 can tell.
//
// The first bytes give the shapes, the next ones scales; each six after them
// put one number of their own somewhere (NaN, infinite, denormal, ...). Where
// such a number is wild, only the shapes of the results count.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>

#include "formats/checkpoint.h"
#include "fuzz/scratch.h"
#include "models/encoder.h"
#include "models/write_model.h"

namespace {

using namespace igrot;

/// The input, number by number; zeros behind its end.
class Numbers {
 public:
  Numbers(const std::uint8_t* data, std::size_t size)
      : data_(data), left_(size) {}

  bool empty() const { return left_ == 0; }

  std::size_t byte() {
    if (left_ == 0) return 0;
    --left_;
    return *data_++;
  }

  /// From low to high, both included.
  std::size_t between(std::size_t low, std::size_t high) {
    return low + byte() % (high - low + 1);
  }

  float real() {
    std::array<std::uint8_t, sizeof(float)> bytes{};
    for (auto& each : bytes) each = static_cast<std::uint8_t>(byte());
    float value = 0;
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }

 private:
  const std::uint8_t* data_;
  std::size_t left_;
};

/// What towers of a family read and how.
struct FamilyRow {
  Family family;
  Activation activation;
  GlobalRow global;
  bool has_mask;  ///< of the texts' padding
};

constexpr std::array family_rows{
    FamilyRow{Family::clip, Activation::quick_gelu, GlobalRow::end, false},
    FamilyRow{Family::blip, Activation::gelu, GlobalRow::first, true},
    FamilyRow{Family::siglip, Activation::gelu_tanh, GlobalRow::last, false}};

const FamilyRow& row_of(Family family) {
  return *std::ranges::find(family_rows, family, &FamilyRow::family);
}

StackConfig stack_from(Numbers& in, std::size_t width, std::size_t heads) {
  StackConfig stack;
  stack.width = width;
  stack.heads = heads;
  stack.layers = in.between(1, 2);
  stack.mlp_width = in.between(1, 40);
  return stack;
}

StackConfig tower_from(Numbers& in, Family family) {
  const auto heads = in.between(1, 3);
  auto stack = stack_from(in, heads * in.between(1, 17), heads);
  stack.activation = row_of(family).activation;
  return stack;
}

UnionConfig union_from(Numbers& in, std::size_t width) {
  UnionConfig c;
  c.width = width;
  c.layers = in.between(1, 2);
  c.heads = in.between(1, 3);
  c.head_width = in.between(1, 17);
  c.mlp_width = in.between(1, 20);
  c.buckets = 2 * in.between(2, 16);
  c.hidden1_width = in.between(1, 20);
  c.hidden2_width = in.between(1, 20);
  return c;
}

ModelConfig config_from(Numbers& in) {
  ModelConfig c;
  auto& towers = c.towers;
  towers.family = family_rows[in.between(0, family_rows.size() - 1)].family;
  const auto heads = in.between(1, 3);
  towers.width = heads * in.between(1, 17);
  towers.patch = in.between(1, 5);
  towers.grid = in.between(1, 4);
  towers.vision = tower_from(in, towers.family);
  towers.text_positions = in.between(2, 12);
  towers.context = in.between(2, towers.text_positions);
  towers.vocabulary = in.between(3, 20);
  towers.text = tower_from(in, towers.family);
  // SigLIP's pictures stay as wide as their tower, and it has no heads.
  const bool is_bare = towers.family == Family::siglip;
  if (is_bare) towers.width = towers.vision.width;
  const auto kind = is_bare ? 0 : in.between(0, 2);
  if (kind > 0) {
    c.transagg =
        TransAggConfig{stack_from(in, towers.width, heads), in.between(1, 40)};
    c.transagg->fusion.activation = Activation::gelu;
  }
  if (kind > 1) c.union_head = union_from(in, towers.width);
  return c;
}

/// Beyond this, sums in another order may overflow.
constexpr float tame_limit = 1e4F;

/// A number that takes the place of a random one.
struct Planted {
  std::size_t tensor;
  std::size_t place;
  float value;

  bool is_tame() const { return std::abs(value) <= tame_limit; }
};

/// Everything a model reads, from one seed.
struct Material {
  std::uint32_t seed = 0;
  std::array<float, 8> scales{};
  std::vector<Planted> planted;

  bool is_tame() const {
    for (const auto& each : planted)
      if (!each.is_tame()) return false;
    return true;
  }

  /// jitter: each number is moved by so many parts of itself.
  Tensor tensor(std::size_t index, const Shape& shape, float jitter) const {
    Tensor made(shape);
    std::minstd_rand generator(seed + static_cast<std::uint32_t>(index));
    std::uniform_real_distribution<float> uniform(-1, 1);
    for (auto& value : made.values())
      value = scales[index % scales.size()] * uniform(generator);
    for (const auto& each : planted)
      if (each.tensor == index)
        made.values()[each.place % made.size()] = each.value;
    for (auto& value : made.values())
      value += value * jitter * (uniform(generator) < 0 ? -1.0F : 1.0F);
    return made;
  }
};

Material material_from(Numbers& in) {
  Material material;
  material.seed = static_cast<std::uint32_t>(in.byte());
  for (auto& scale : material.scales)
    scale = std::ldexp(1.0F, static_cast<int>(in.between(0, 16)) - 12);
  while (!in.empty()) {
    Planted planted{};
    planted.tensor = in.byte();
    planted.place = in.byte();
    planted.value = in.real();
    material.planted.push_back(planted);
  }
  return material;
}

constexpr std::size_t pixels_index = 255;

struct Inputs {
  Tensor pixels;
  TokenBatch tokens;
};

TokenBatch tokens_from(Numbers& in, const TowersConfig& c, std::size_t count) {
  TokenBatch tokens;
  tokens.count = count;
  tokens.length = in.between(1, c.context);
  const auto& row = row_of(c.family);
  tokens.global = row.global;
  std::minstd_rand generator(static_cast<std::uint32_t>(in.byte()));
  for (std::size_t i = 0; i < count * tokens.length; ++i) {
    // As of every tokenizer, the first position of a text is no padding.
    const bool is_first = i % tokens.length == 0;
    const auto id = is_first ? 1 + generator() % (c.vocabulary - 1)
                             : generator() % c.vocabulary;
    tokens.ids.push_back(static_cast<std::int32_t>(id));
    if (row.has_mask)
      tokens.mask.push_back(is_first || generator() % 4 != 0 ? 1 : 0);
  }
  return tokens;
}

std::unique_ptr<Encoder> encoder_of(const ModelConfig& config,
                                    const Material& material, Engine engine,
                                    float jitter) {
  std::size_t index = 0;
  const auto path = fuzz::scratch().folder() / "model.safetensors";
  write_model(path, config,
              {.read =
                   [&](const TensorSpec& spec) {
                     return material.tensor(index++, spec.shape, jitter);
                   },
               .logit_scale = {},
               .carried = {}});
  const std::array files{Checkpoint::open(path)};
  TokenBatch empty;
  empty.ids = {1, 2};
  empty.count = 1;
  empty.length = 2;
  const auto& row = row_of(config.towers.family);
  empty.global = row.global;
  if (row.has_mask) empty.mask = {1, 1};
  return make_encoder(
      TensorSource(files), config,
      {.engine = engine, .empty_text = [empty] { return empty; }});
}

std::vector<Tensor> results(const Encoder& encoder, const ModelConfig& config,
                            const Inputs& in) {
  std::vector<Tensor> all{
      encoder.image(in.pixels), encoder.image_local(in.pixels),
      encoder.text(in.tokens), encoder.text_local(in.tokens),
      encoder.targets(in.pixels, Target::sum, SumConvention::train)};
  if (config.transagg)
    for (const auto mask : {Mask::added, Mask::boolean}) {
      auto fused = encoder.fuse(in.pixels, in.tokens, mask);
      all.push_back(std::move(fused.query));
      all.push_back(std::move(fused.fused));
      all.push_back(std::move(fused.weights));
    }
  if (config.union_head)
    all.push_back(encoder.union_vectors(in.pixels, in.tokens));
  return all;
}

float largest(const Tensor& tensor) {
  float most = 0;
  for (const float value : tensor.values())
    most = std::isfinite(value) ? std::max(most, std::abs(value)) : INFINITY;
  return most;
}

float largest_difference(const Tensor& a, const Tensor& b) {
  float most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto difference = std::abs(a.values()[i] - b.values()[i]);
    most = std::isfinite(difference) ? std::max(most, difference) : INFINITY;
  }
  return most;
}

/// What a rounding of every number of the model does to the results: by that
/// much engines that sum in another order may differ.
constexpr float rounding = 0x1p-22F;

/// A result passes through some dozen sums.
constexpr float roundings = 64;

/// As the tests of models (feature_tolerance), of the largest number.
constexpr float tolerance = 5e-5F;

void compare(const std::vector<Tensor>& expected,
             const std::vector<Tensor>& shaken,
             const std::vector<Tensor>& found, bool is_tame) {
  if (expected.size() != found.size()) std::abort();
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (expected[i].shape() != found[i].shape()) std::abort();
    const auto size = largest(expected[i]);
    const auto sway = largest_difference(expected[i], shaken[i]);
    if (!is_tame || !std::isfinite(size) || !std::isfinite(sway)) continue;
    const auto allowed = tolerance * std::max(size, 1.0F) + roundings * sway;
    const auto difference = largest_difference(expected[i], found[i]);
    if (difference <= allowed) continue;
    std::fprintf(stderr, "result %zu: off by %g, allowed %g (size %g)\n", i,
                 double{difference}, double{allowed}, double{size});
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  Numbers in(data, size);
  const auto config = config_from(in);
  const auto count = in.between(1, 3);
  const auto side = config.towers.side();
  Inputs inputs{{}, tokens_from(in, config.towers, count)};
  const auto material = material_from(in);
  inputs.pixels = material.tensor(pixels_index, {count, 3, side, side}, 0);

  const auto run = [&](Engine engine, float jitter) {
    const auto encoder = encoder_of(config, material, engine, jitter);
    return results(*encoder, config, inputs);
  };
  compare(run(Engine::plain, 0), run(Engine::plain, rounding),
          run(Engine::dnnl, 0), material.is_tame());
  return 0;
}
