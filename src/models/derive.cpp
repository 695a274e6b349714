#include "models/derive.h"

#include <algorithm>

#include "base/fail.h"
#include "formats/foreign_text.h"

namespace igrot {
namespace {

// What ids CLIP's tokenizer gives (method.md 2).
constexpr std::size_t clip_vocabulary = 49408;

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

std::size_t head_count(std::size_t width,
                       const std::optional<TowerHints>& hints, bool is_vision,
                       std::string_view tower) {
  if (hints && hints->width == width && hints->heads > 0 &&
      width % hints->heads == 0)
    return hints->heads;
  return usual_heads(width, is_vision, tower);
}

/// The stack below `prefix`, whose blocks name their parts as `names` says.
StackConfig derive_stack(const TensorSource& source, const std::string& prefix,
                         const BlockNames& names, std::size_t width) {
  StackConfig stack;
  stack.width = width;
  stack.layers = source.count_layers(prefix);
  const auto up = prefix + "0." + std::string(names.up) + ".weight";
  stack.mlp_width = source.shape(up, 2)[0];
  return stack;
}

std::size_t square_root(std::size_t square) {
  std::size_t root = 0;
  while ((root + 1) * (root + 1) <= square) ++root;
  return root;
}

void derive_vision(const TensorSource& source, const ConfigHints& hints,
                   ClipConfig& c) {
  const auto conv = source.shape("visual.conv1.weight", 4);
  const auto rows = source.shape("visual.positional_embedding", 2)[0];
  c.patch = conv[3];
  c.grid = square_root(rows - 1);
  if (c.grid == 0 || c.grid * c.grid + 1 != rows)
    fail(ErrorKind::corrupt,
         "'visual.positional_embedding' has {} rows, expected one more than a "
         "square",
         rows);
  c.vision = derive_stack(source, "visual.transformer.resblocks.",
                          clip_block_names, conv[0]);
  c.vision.heads = head_count(c.vision.width, hints.vision, true, "image");
}

void derive_text(const TensorSource& source, const ConfigHints& hints,
                 ClipConfig& c) {
  const auto tokens = source.shape("token_embedding.weight", 2);
  c.vocabulary = tokens[0];
  if (c.vocabulary != clip_vocabulary)
    fail(ErrorKind::unsupported,
         "its text tower knows {} tokens, CLIP's tokenizer has {}",
         c.vocabulary, clip_vocabulary);
  c.context = source.shape("positional_embedding", 2)[0];
  if (c.context < 2)
    fail(ErrorKind::corrupt, "its text tower has {} positions, expected 2",
         c.context);
  c.text = derive_stack(source, "transformer.resblocks.", clip_block_names,
                        tokens[1]);
  c.text.heads = head_count(c.text.width, hints.text, false, "text");
}

TransAggConfig derive_transagg(const TensorSource& source, std::size_t d) {
  TransAggConfig c;
  c.fusion = derive_stack(source, "fusion.layers.", encoder_layer_names, d);
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

ModelConfig derive_config(const TensorSource& source,
                          const ConfigHints& hints) {
  ModelConfig config;
  config.clip.width = source.shape("text_projection", 2)[1];
  derive_vision(source, hints, config.clip);
  derive_text(source, hints, config.clip);
  if (source.has("fusion.layers.0.linear1.weight"))
    config.transagg = derive_transagg(source, config.clip.width);
  if (source.has("union_weighted_layer.0.weight"))
    config.union_head = derive_union(source, config.clip.width);
  source.check(list_tensors(config));
  return config;
}

Activation choose_activation(const std::optional<std::string>& wanted,
                             const ModelFiles& files,
                             const TensorSource& source,
                             const Runtime& runtime) {
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
  config.clip.vision.activation = activation;
  config.clip.text.activation = activation;
}

}  // namespace igrot
