#include "models/derive_towers.h"

#include <algorithm>

#include "base/fail.h"
#include "models/blip.h"
#include "models/positions.h"

namespace igrot {

bool is_blip(const TensorSource& source) {
  return source.has("visual_encoder.pos_embed");
}

bool is_siglip(const TensorSource& source) {
  return source.has("visual.trunk.attn_pool.latent");
}

StackConfig derive_stack(const TensorSource& source, const std::string& prefix,
                         std::string_view up, std::size_t width) {
  StackConfig stack;
  stack.width = width;
  stack.layers = source.count_layers(prefix);
  const auto product = prefix + "0." + std::string(up) + ".weight";
  stack.mlp_width = source.shape(product, 2)[0];
  return stack;
}

namespace {

// What ids the tokenizers give, and how many of BERT's positions BLIP reads
// (method.md 2).
constexpr std::size_t clip_vocabulary = 49408;
constexpr std::size_t blip_vocabulary = 30524;
constexpr std::size_t blip_context = 35;

/// Width of one head where a tower's width does not say it: 64 in all of
/// OpenAI's, others in open_clip's ViT-H, g and bigG and in SigLIP's SO400M
/// and g-opt.
struct HeadWidth {
  std::size_t tower_width;
  std::size_t head_width;
  bool in_text = false;  ///< in text towers of that width, too
};
constexpr std::size_t usual_head_width = 64;
constexpr std::array odd_head_widths{
    HeadWidth{1280, 80}, HeadWidth{1408, 88}, HeadWidth{1664, 104},
    HeadWidth{1152, 72, true}, HeadWidth{1536, 96}};

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

constexpr float siglip_eps = 1e-6F;

void derive_siglip_vision(const TensorSource& source, const ConfigHints& hints,
                          TowersConfig& c) {
  constexpr std::string_view positions = "visual.trunk.pos_embed";
  const auto conv = source.shape("visual.trunk.patch_embed.proj.weight", 4);
  const auto rows = source.shape(positions, 3)[1];
  c.patch = conv[3];
  c.grid = grid_of(rows + 1);
  if (c.grid == 0)
    fail(ErrorKind::corrupt, "'{}' has {} rows, expected a square", positions,
         rows);
  c.vision = derive_stack(source, "visual.trunk.blocks.", clip_block_names.up,
                          conv[0]);
  c.vision.eps = norm_eps(hints.vision, siglip_eps);
  c.vision.heads = head_count(c.vision.width, hints.vision, true, "image");
}

void derive_siglip_text(const TensorSource& source, const ConfigHints& hints,
                        TowersConfig& c) {
  const auto tokens = source.shape("text.token_embedding.weight", 2);
  c.vocabulary = tokens[0];
  c.text_positions = source.shape("text.positional_embedding", 2)[0];
  c.context = c.text_positions;
  if (c.context < 2)
    fail(ErrorKind::corrupt, "its text tower has {} positions, expected 2",
         c.context);
  c.text = derive_stack(source, "text.transformer.resblocks.",
                        clip_block_names.up, tokens[1]);
  c.text.eps = norm_eps(hints.text, siglip_eps);
  c.text.heads = head_count(c.text.width, hints.text, false, "text");
}

TowersConfig derive_siglip(const TensorSource& source,
                           const ConfigHints& hints) {
  TowersConfig c;
  c.family = Family::siglip;
  c.width = source.shape("text.text_projection.weight", 2)[0];
  derive_siglip_vision(source, hints, c);
  derive_siglip_text(source, hints, c);
  c.vision.activation = Activation::gelu_tanh;
  c.text.activation = Activation::gelu_tanh;
  if (c.width != c.vision.width)
    fail(ErrorKind::corrupt,
         "its text features are {} wide, its picture features {}", c.width,
         c.vision.width);
  return c;
}

}  // namespace

std::size_t usual_heads(std::size_t width, bool is_vision,
                        std::string_view tower) {
  auto head_width = usual_head_width;
  for (const auto& row : odd_head_widths)
    if (row.tower_width == width && (is_vision || row.in_text))
      head_width = row.head_width;
  if (width == 0 || width % head_width != 0)
    fail(ErrorKind::unsupported,
         "the {} tower's width of {} is not a multiple of {}, the width of a "
         "head",
         tower, width, head_width);
  return width / head_width;
}

TowersConfig derive_towers(const TensorSource& source,
                           const ConfigHints& hints) {
  return is_blip(source)     ? derive_blip(source, hints)
         : is_siglip(source) ? derive_siglip(source, hints)
                             : derive_clip(source, hints);
}

}  // namespace igrot
