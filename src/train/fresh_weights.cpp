#include "train/fresh_weights.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <string_view>

#include "base/random.h"
#include "train/purposes.h"

namespace igrot {
namespace {

/// How the numbers of a tensor are drawn.
struct Law {
  enum class Kind { constant, uniform, normal } kind = Kind::constant;
  double size = 0;  ///< the constant, the bound, or the deviation
};

Law constant(double value) {
  return {Law::Kind::constant, value};
}
Law uniform(double bound) {
  return {Law::Kind::uniform, bound};
}
Law normal(double deviation) {
  return {Law::Kind::normal, deviation};
}

double root(std::size_t n) {
  return std::sqrt(static_cast<double>(n));
}

/// Numbers that one output of a weight reads.
std::size_t inputs_of(const Shape& weight) {
  return element_count(weight) / weight.front();
}

/// What a rule may look at.
struct Place {
  const TensorSpec& spec;
  const ModelConfig& config;
  std::size_t inputs;  ///< of the product that the tensor belongs to
};

// PyTorch's own start values.
Law linear(const Place& p) {
  return uniform(1 / root(p.inputs));
}
Law xavier(const Place& p) {
  return uniform(
      std::sqrt(6.0 / static_cast<double>(p.spec.shape[0] + p.inputs)));
}
Law ones(const Place&) {
  return constant(1);
}
Law zeros(const Place&) {
  return constant(0);
}
Law standard(const Place&) {
  return normal(1);
}

// T5's. d is the stack's width.
Law t5_query(const Place& p) {
  const auto& c = *p.config.union_head;
  return normal(1 / root(c.width * c.head_width));
}
Law t5_width(const Place& p) {
  return normal(1 / root(p.config.union_head->width));
}
Law t5_output(const Place& p) {
  return normal(1 / root(p.config.union_head->inner_width()));
}
Law t5_down(const Place& p) {
  return normal(1 / root(p.config.union_head->mlp_width));
}

// OpenAI's, of towers.
Law token_table(const Place&) {
  return normal(0.02);
}
Law text_positions(const Place&) {
  return normal(0.01);
}
Law text_width(const Place& p) {
  return normal(1 / root(p.config.towers.text.width));
}
Law text_residual(const Place& p) {
  const auto& c = p.config.towers.text;
  return normal(1 / (root(c.width) * root(2 * c.layers)));
}
Law text_up(const Place& p) {
  return normal(1 / root(2 * p.config.towers.text.width));
}
Law image_width(const Place& p) {
  return normal(1 / root(p.config.towers.vision.width));
}

/// A name's beginning and end, and the law of tensors that have both. The first
/// match counts.
struct Rule {
  std::string_view begins;
  std::string_view ends;
  Law (*law)(const Place&);
};

constexpr std::array rules{
    Rule{"t5_layers.", ".SelfAttention.q.weight", t5_query},
    Rule{"t5_layers.", ".SelfAttention.k.weight", t5_width},
    Rule{"t5_layers.", ".SelfAttention.v.weight", t5_width},
    Rule{"t5_layers.", ".SelfAttention.o.weight", t5_output},
    Rule{"t5_layers.", ".relative_attention_bias.weight", t5_width},
    Rule{"t5_layers.", ".wi.weight", t5_width},
    Rule{"t5_layers.", ".wo.weight", t5_down},
    Rule{"t5_layers.", "norm.weight", ones},
    Rule{"sep_token", "", standard},
    Rule{"token_embedding.weight", "", token_table},
    Rule{"positional_embedding", "", text_positions},
    Rule{"text_projection", "", text_width},
    Rule{"transformer.", ".attn.in_proj_weight", text_width},
    Rule{"transformer.", ".attn.out_proj.weight", text_residual},
    Rule{"transformer.", ".mlp.c_fc.weight", text_up},
    Rule{"transformer.", ".mlp.c_proj.weight", text_residual},
    Rule{"visual.class_embedding", "", image_width},
    Rule{"visual.positional_embedding", "", image_width},
    Rule{"visual.proj", "", image_width},
    // Wherever they stand: norms, then attention, then any product.
    Rule{"ln_final.", "weight", ones},
    Rule{"ln_final.", "bias", zeros},
    Rule{"visual.ln_", "weight", ones},
    Rule{"visual.ln_", "bias", zeros},
    Rule{"", ".ln_1.weight", ones},
    Rule{"", ".ln_1.bias", zeros},
    Rule{"", ".ln_2.weight", ones},
    Rule{"", ".ln_2.bias", zeros},
    Rule{"", ".norm1.weight", ones},
    Rule{"", ".norm1.bias", zeros},
    Rule{"", ".norm2.weight", ones},
    Rule{"", ".norm2.bias", zeros},
    Rule{"", ".in_proj_weight", xavier},
    Rule{"", ".in_proj_bias", zeros},
    Rule{"", ".out_proj.bias", zeros},
    Rule{"", "", linear},
};

/// The weight that a bias belongs to, or the tensor itself.
Shape weight_shape(const TensorSpec& spec, const ModelConfig& config) {
  constexpr std::string_view bias = ".bias";
  if (!spec.name.ends_with(bias)) return spec.shape;
  const auto weight =
      spec.name.substr(0, spec.name.size() - bias.size()) + ".weight";
  for (const auto& other : list_tensors(config))
    if (other.name == weight) return other.shape;
  return spec.shape;
}

/// The name that draws a tensor's numbers: the fusion's layers share one.
std::string drawn_name(const std::string& name) {
  constexpr std::string_view layers = "fusion.layers.";
  if (!name.starts_with(layers)) return name;
  return std::string(layers) + "*" + name.substr(name.find('.', layers.size()));
}

/// FNV-1a.
std::uint64_t hash(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text)
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

float draw(const Law& law, Random& random) {
  switch (law.kind) {
    case Law::Kind::constant:
      break;
    case Law::Kind::uniform:
      return static_cast<float>(random.uniform(-law.size, law.size));
    case Law::Kind::normal:
      return static_cast<float>(law.size * double{random.normal()});
  }
  return static_cast<float>(law.size);
}

}  // namespace

Tensor fresh_tensor(const TensorSpec& spec, const ModelConfig& config,
                    std::uint64_t seed) {
  const auto rule = std::ranges::find_if(rules, [&](const Rule& r) {
    return spec.name.starts_with(r.begins) && spec.name.ends_with(r.ends);
  });
  assert(rule != rules.end());
  const auto law =
      rule->law({spec, config, inputs_of(weight_shape(spec, config))});
  Random random(seed, weights_purpose, hash(drawn_name(spec.name)));
  Tensor tensor(spec.shape);
  for (auto& value : tensor.values()) value = draw(law, random);
  return tensor;
}

float fresh_logit_scale() {
  return std::log(1 / 0.07F);
}

}  // namespace igrot
