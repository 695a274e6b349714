#include "models/derive.h"

#include <algorithm>

#include "base/fail.h"
#include "formats/foreign_text.h"
#include "models/positions.h"

namespace igrot {
namespace {

// What ids the tokenizers give, and how many of BERT's positions BLIP reads
// (method.md 2).
constexpr std::size_t clip_vocabulary = 49408;
constexpr std::size_t blip_vocabulary = 30524;
constexpr std::size_t blip_context = 35;

constexpr std::size_t largest_side = 4096;

constexpr std::size_t fusion_heads = 8;  // method.md 4

/// Width of one head where a tower's width does not say it: 64 in all of
/// OpenAI's, others in open_clip's ViT-H, g and bigG.
struct HeadWidth {
  std::size_t tower_width;
  std::size_t head_width;
};
constexpr std::size_t usual_head_width = 64;
constexpr std::array odd_head_widths{HeadWidth{1280, 80}, HeadWidth{1408, 88},
                                     HeadWidth{1664, 104}};

/// The eps of a tower's norms, where its configuration says another.
float norm_eps(const std::optional<TowerHints>& hints, float usual) {
  const bool is_told = hints && hints->eps && *hints->eps > 0;
  return is_told ? *hints->eps : usual;
}

std::size_t head_count(std::size_t width,
                       const std::optional<TowerHints>& hints, bool is_vision,
                       std::string_view tower) {
  if (hints && hints->width == width && hints->heads > 0 &&
      width % hints->heads == 0)
    return hints->heads;
  return usual_heads(width, is_vision, tower);
}

/// The stack below `prefix`; `up` is the first product of a block's MLP.
StackConfig derive_stack(const TensorSource& source, const std::string& prefix,
                         std::string_view up, std::size_t width) {
  StackConfig stack;
  stack.width = width;
  stack.layers = source.count_layers(prefix);
  const auto product = prefix + "0." + std::string(up) + ".weight";
  stack.mlp_width = source.shape(product, 2)[0];
  return stack;
}

/// Patches one way, from a table of positions: one for the class token, then a
/// square.
std::size_t derive_grid(std::string_view name, std::size_t rows) {
  const auto grid = grid_of(rows);
  if (grid == 0)
    fail(ErrorKind::corrupt,
         "'{}' has {} rows, expected one more than a square", name, rows);
  return grid;
}

void check_vocabulary(std::size_t found, std::size_t expected,
                      std::string_view owner) {
  if (found != expected)
    fail(ErrorKind::unsupported,
         "its text tower knows {} tokens, {}'s tokenizer has {}", found, owner,
         expected);
}

void derive_clip_vision(const TensorSource& source, const ConfigHints& hints,
                        TowersConfig& c) {
  constexpr std::string_view positions = "visual.positional_embedding";
  const auto conv = source.shape("visual.conv1.weight", 4);
  c.patch = conv[3];
  c.grid = derive_grid(positions, source.shape(positions, 2)[0]);
  c.vision = derive_stack(source, "visual.transformer.resblocks.",
                          clip_block_names.up, conv[0]);
  c.vision.eps = norm_eps(hints.vision, c.vision.eps);
  c.vision.heads = head_count(c.vision.width, hints.vision, true, "image");
}

void derive_clip_text(const TensorSource& source, const ConfigHints& hints,
                      TowersConfig& c) {
  const auto tokens = source.shape("token_embedding.weight", 2);
  c.vocabulary = tokens[0];
  check_vocabulary(c.vocabulary, clip_vocabulary, "CLIP");
  c.text_positions = source.shape("positional_embedding", 2)[0];
  c.context = c.text_positions;
  if (c.context < 2)
    fail(ErrorKind::corrupt, "its text tower has {} positions, expected 2",
         c.context);
  c.text = derive_stack(source, "transformer.resblocks.", clip_block_names.up,
                        tokens[1]);
  c.text.eps = norm_eps(hints.text, c.text.eps);
  c.text.heads = head_count(c.text.width, hints.text, false, "text");
}

TowersConfig derive_clip(const TensorSource& source, const ConfigHints& hints) {
  TowersConfig c;
  c.family = Family::clip;
  c.width = source.shape("text_projection", 2)[1];
  derive_clip_vision(source, hints, c);
  derive_clip_text(source, hints, c);
  return c;
}

bool is_blip(const TensorSource& source) {
  return source.has("visual_encoder.pos_embed");
}

void derive_blip_vision(const TensorSource& source, const ConfigHints& hints,
                        TowersConfig& c) {
  constexpr std::string_view positions = "visual_encoder.pos_embed";
  const auto conv = source.shape("visual_encoder.patch_embed.proj.weight", 4);
  c.patch = conv[3];
  c.grid = derive_grid(positions, source.shape(positions, 3)[1]);
  c.vision = derive_stack(source, "visual_encoder.blocks.", vit_block_names.up,
                          conv[0]);
  c.vision.heads = head_count(c.vision.width, hints.vision, true, "image");
  c.vision.eps = norm_eps(hints.vision, 1e-6F);
}

void derive_blip_text(const TensorSource& source, const ConfigHints& hints,
                      TowersConfig& c) {
  const std::string embeddings = "text_encoder.embeddings.";
  const auto tokens = source.shape(embeddings + "word_embeddings.weight", 2);
  c.vocabulary = tokens[0];
  check_vocabulary(c.vocabulary, blip_vocabulary, "BLIP");
  c.text_positions =
      source.shape(embeddings + "position_embeddings.weight", 2)[0];
  c.context = std::min(blip_context, c.text_positions);
  if (c.context < 2)
    fail(ErrorKind::corrupt, "its text tower has {} positions, expected 2",
         c.context);
  c.text = derive_stack(source, "text_encoder.encoder.layer.",
                        "intermediate.dense", tokens[1]);
  c.text.heads = head_count(c.text.width, hints.text, false, "text");
  c.text.eps = norm_eps(hints.text, 1e-12F);
}

TowersConfig derive_blip(const TensorSource& source, const ConfigHints& hints) {
  TowersConfig c;
  c.family = Family::blip;
  c.width = source.shape("text_proj.weight", 2)[0];
  derive_blip_vision(source, hints, c);
  derive_blip_text(source, hints, c);
  c.vision.activation = Activation::gelu;
  c.text.activation = Activation::gelu;
  return c;
}

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

std::size_t usual_heads(std::size_t width, bool is_vision,
                        std::string_view tower) {
  auto head_width = usual_head_width;
  if (is_vision)
    for (const auto& row : odd_head_widths)
      if (row.tower_width == width) head_width = row.head_width;
  if (width == 0 || width % head_width != 0)
    fail(ErrorKind::unsupported,
         "the {} tower's width of {} is not a multiple of {}, the width of a "
         "head",
         tower, width, head_width);
  return width / head_width;
}

bool takes_side(const TowersConfig& c, std::size_t side) {
  if (side == c.side()) return true;
  return c.family == Family::blip && side > 0 && side <= largest_side &&
         side % c.patch == 0;
}

ModelConfig derive_config(const TensorSource& source, const ConfigHints& hints,
                          std::optional<std::size_t> side) {
  ModelConfig config;
  config.towers =
      is_blip(source) ? derive_blip(source, hints) : derive_clip(source, hints);
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
    fail(ErrorKind::usage, "activation '{}' is not one of quick_gelu and gelu",
         *wanted);
  }
  if (files.hints.activation) {
    if (const auto choice = find_choice(activations, *files.hints.activation))
      return *choice;
    fail(ErrorKind::unsupported,
         "its configuration asks for activation {}, known are quick_gelu and "
         "gelu",
         in_quotes(*files.hints.activation));
  }
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
