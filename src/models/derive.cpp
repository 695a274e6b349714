#include "models/derive.h"

#include <algorithm>

#include "base/fail.h"
#include "formats/foreign_text.h"

namespace igrot {
namespace {

constexpr std::size_t largest_side = 4096;

constexpr std::size_t fusion_heads = 8;  // method.md 4

/// Another size of pictures, where the positions allow one.
void set_side(TowersConfig& c, std::size_t side) {
  if (c.family != Family::blip && side != c.side())
    fail(ErrorKind::unsupported,
         "it takes pictures of side {}; only BLIP's positions are interpolated "
         "for another",
         c.side());
  if (!takes_side(c, side))
    fail(ErrorKind::usage,
         "side {} is not a multiple of {}, the patches' side, up to {}", side,
         c.patch, largest_side);
  c.grid = side / c.patch;
}

TransAggConfig derive_transagg(const TensorSource& source, std::size_t d) {
  TransAggConfig c;
  c.fusion = derive_stack(source, "fusion.layers.", encoder_layer_names.up, d);
  c.fusion.activation = Activation::gelu;
  c.fusion.heads = fusion_heads;
  if (d % fusion_heads != 0)
    fail(ErrorKind::unsupported,
         "the fusion's width of {} is not a multiple of {}, its heads", d,
         fusion_heads);
  c.hidden_width = source.shape("combiner_layer.weight", 2)[0];
  return c;
}

UnionConfig derive_union(const TensorSource& source, std::size_t d) {
  const std::string first = "t5_layers.block.0.layer.";
  UnionConfig c;
  c.width = d;
  c.layers = source.count_layers("t5_layers.block.");
  const auto bias =
      source.shape(first + "0.SelfAttention.relative_attention_bias.weight", 2);
  c.buckets = bias[0];
  c.heads = bias[1];
  const auto inner = source.shape(first + "0.SelfAttention.q.weight", 2)[0];
  // Four is the fewest buckets that tell both directions apart.
  if (c.buckets < 4 || inner % c.heads != 0)
    fail(ErrorKind::corrupt,
         "the UNION head has {} buckets and {} heads over a width of {}",
         c.buckets, c.heads, inner);
  c.head_width = inner / c.heads;
  c.mlp_width = source.shape(first + "1.DenseReluDense.wi.weight", 2)[0];
  c.hidden1_width = source.shape("union_weighted_layer.0.weight", 2)[0];
  c.hidden2_width = source.shape("union_weighted_layer.3.weight", 2)[0];
  return c;
}

}  // namespace

bool takes_side(const TowersConfig& c, std::size_t side) {
  if (side == c.side()) return true;
  return c.family == Family::blip && side > 0 && side <= largest_side &&
         side % c.patch == 0;
}

ModelConfig derive_config(const TensorSource& source, const ConfigHints& hints,
                          std::optional<std::size_t> side) {
  ModelConfig config;
  config.towers = derive_towers(source, hints);
  if (side) set_side(config.towers, *side);
  if (source.has("fusion.layers.0.linear1.weight"))
    config.transagg = derive_transagg(source, config.towers.width);
  if (source.has("union_weighted_layer.0.weight"))
    config.union_head = derive_union(source, config.towers.width);
  source.check(list_tensors(config));
  return config;
}

Activation choose_activation(const std::optional<std::string>& wanted,
                             const ModelFiles& files,
                             const TensorSource& source,
                             const Runtime& runtime) {
  if (is_blip(source)) {
    if (wanted && *wanted != name_of(activations, Activation::gelu))
      fail(ErrorKind::usage, "activation '{}': BLIP's towers use gelu",
           *wanted);
    return Activation::gelu;
  }
  if (wanted) {
    if (const auto choice = find_choice(activations, *wanted)) return *choice;
    fail(ErrorKind::usage,
         "activation '{}' is not one of quick_gelu, gelu and "
         "gelu_pytorch_tanh",
         *wanted);
  }
  if (files.hints.activation) {
    if (const auto choice = find_choice(activations, *files.hints.activation))
      return *choice;
    fail(ErrorKind::unsupported,
         "its configuration asks for activation {}, known are quick_gelu, "
         "gelu and gelu_pytorch_tanh",
         in_quotes(*files.hints.activation));
  }
  if (is_siglip(source)) return Activation::gelu_tanh;
  // Only OpenAI publishes archives of this layout.
  const bool is_openai =
      files.parts.front().container() == Container::torchscript &&
      source.layout().name == "openai";
  if (!is_openai && runtime.warn)
    runtime.warn(fmt::format(
        "{}: nothing says which GELU the towers use; QuickGELU is assumed",
        files.path.string()));
  return Activation::quick_gelu;
}

void set_activation(ModelConfig& config, Activation activation) {
  config.towers.vision.activation = activation;
  config.towers.text.activation = activation;
}

}  // namespace igrot
