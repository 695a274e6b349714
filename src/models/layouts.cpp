#include "models/layouts.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/fail.h"
#include "models/siglip_names.h"

namespace igrot {
namespace {

constexpr std::array as_is{Rename{"*", "*"}};

// open_clip's CustomTextCLIP keeps the text tower in a module of its own.
constexpr std::array custom_text{Rename{"visual.*", "visual.*"},
                                 Rename{"logit_*", "logit_*"},
                                 Rename{"text.*", "*"}};

// The heads stand under the same names in both programs (method.md 6).
constexpr Rename fusion_layers{"fusion.*", "fusion.*"};
constexpr Rename combiner{"combiner_layer.*", "combiner_layer.*"};
constexpr Rename weighted{"weighted_layer.*", "weighted_layer.*"};
constexpr Rename output{"output_layer.*", "output_layer.*"};
constexpr Rename separator{"sep_token", "sep_token"};

constexpr std::array union_names{
    fusion_layers,
    combiner,
    weighted,
    output,
    separator,
    Rename{"union_weighted_layer.*", "union_weighted_layer.*"},
    Rename{"t5_layers.*", "t5_layers.*"},
    Rename{"model.*", "*"}};

constexpr std::array transagg_names{
    fusion_layers, combiner,  weighted,
    output,        separator, Rename{"pretrained_model.*", "*"}};

// transformers' CLIPModel ("pre_layrnorm" is its spelling).
constexpr std::array huggingface{
    Rename{"visual_projection.weight", "visual.proj", 0, 1, true},
    Rename{"text_projection.weight", "text_projection", 0, 1, true},
    Rename{"vision_model.embeddings.class_embedding", "visual.class_embedding"},
    Rename{"vision_model.embeddings.patch_embedding.weight",
           "visual.conv1.weight"},
    Rename{"vision_model.embeddings.position_embedding.weight",
           "visual.positional_embedding"},
    Rename{"vision_model.pre_layrnorm.*", "visual.ln_pre.*"},
    Rename{"vision_model.post_layernorm.*", "visual.ln_post.*"},
    Rename{"text_model.embeddings.token_embedding.weight",
           "token_embedding.weight"},
    Rename{"text_model.embeddings.position_embedding.weight",
           "positional_embedding"},
    Rename{"text_model.final_layer_norm.*", "ln_final.*"},
    Rename{"vision_model.embeddings.position_ids", "visual.position_ids"},
    Rename{"text_model.embeddings.position_ids", "position_ids"},
    Rename{"logit_scale", "logit_scale"},
    Rename{"vision_model.encoder.layers.*", "visual.transformer.resblocks.*", 0,
           1, false, true},
    Rename{"text_model.encoder.layers.*", "transformer.resblocks.*", 0, 1,
           false, true},
};

// The same inside a block, once its place is known.
constexpr std::array huggingface_block{
    Rename{"*.layer_norm1.weight", "*.ln_1.weight"},
    Rename{"*.layer_norm1.bias", "*.ln_1.bias"},
    Rename{"*.layer_norm2.weight", "*.ln_2.weight"},
    Rename{"*.layer_norm2.bias", "*.ln_2.bias"},
    Rename{"*.self_attn.q_proj.weight", "*.attn.in_proj_weight", 0, 3},
    Rename{"*.self_attn.k_proj.weight", "*.attn.in_proj_weight", 1, 3},
    Rename{"*.self_attn.v_proj.weight", "*.attn.in_proj_weight", 2, 3},
    Rename{"*.self_attn.q_proj.bias", "*.attn.in_proj_bias", 0, 3},
    Rename{"*.self_attn.k_proj.bias", "*.attn.in_proj_bias", 1, 3},
    Rename{"*.self_attn.v_proj.bias", "*.attn.in_proj_bias", 2, 3},
    Rename{"*.self_attn.out_proj.weight", "*.attn.out_proj.weight"},
    Rename{"*.self_attn.out_proj.bias", "*.attn.out_proj.bias"},
    Rename{"*.mlp.fc1.weight", "*.mlp.c_fc.weight"},
    Rename{"*.mlp.fc1.bias", "*.mlp.c_fc.bias"},
    Rename{"*.mlp.fc2.weight", "*.mlp.c_proj.weight"},
    Rename{"*.mlp.fc2.bias", "*.mlp.c_proj.bias"},
};

// transformers' BlipForImageTextRetrieval. Its text tower is BERT's own.
constexpr std::array huggingface_blip{
    Rename{"vision_model.embeddings.class_embedding",
           "visual_encoder.cls_token"},
    Rename{"vision_model.embeddings.position_embedding",
           "visual_encoder.pos_embed"},
    Rename{"vision_model.embeddings.patch_embedding.*",
           "visual_encoder.patch_embed.proj.*"},
    Rename{"vision_model.post_layernorm.*", "visual_encoder.norm.*"},
    Rename{"vision_model.encoder.layers.*", "visual_encoder.blocks.*", 0, 1,
           false, true},
    Rename{"*", "*"}};

constexpr std::array huggingface_blip_block{
    Rename{"*.layer_norm1.weight", "*.norm1.weight"},
    Rename{"*.layer_norm1.bias", "*.norm1.bias"},
    Rename{"*.layer_norm2.weight", "*.norm2.weight"},
    Rename{"*.layer_norm2.bias", "*.norm2.bias"},
    Rename{"*.self_attn.qkv.weight", "*.attn.qkv.weight"},
    Rename{"*.self_attn.qkv.bias", "*.attn.qkv.bias"},
    Rename{"*.self_attn.projection.weight", "*.attn.proj.weight"},
    Rename{"*.self_attn.projection.bias", "*.attn.proj.bias"},
    Rename{"*", "*"}};

// Buffers, scalars and parts of no use here that file formats carry along.
// method.md 6, OpenAI's archives, transformers, open_clip, BLIP.
constexpr std::array<std::string_view, 15> known_extras{
    "logit_scale",      "logit_bias",
    "*position_ids",    "*attn_mask",
    "input_resolution", "context_length",
    "vocab_size",       "visual_encoder_m.*",
    "text_encoder_m.*", "vision_proj_m.*",
    "text_proj_m.*",    "*_queue",
    "*queue_ptr",       "temp",
    "itm_head.*"};
constexpr std::string_view cross_attention = ".crossattention.";

struct Unsupported {
  std::string_view part;  ///< of a tensor's name
  std::string_view what;
};

constexpr std::array unsupported{
    Unsupported{"visual_encoder.blocks.",
                "a BLIP model other than its retrieval one"},
    Unsupported{"visual.attnpool.", "a CLIP with a ResNet image tower"},
    Unsupported{"visual.trunk.", "a CLIP with an image tower of timm"},
    Unsupported{"text.transformer.embeddings.",
                "a CLIP with a text tower of transformers"},
    Unsupported{"text_model.head.", "a SigLIP without its image tower"},
    Unsupported{"vision_model.head.", "a SigLIP without its text tower"},
    Unsupported{"vision_model.encoder.layers.",
                "a model of transformers other "
                "than CLIPModel"},
};

/// What '*' stands for where `name` matches `pattern`; empty text where the
/// pattern has none.
std::optional<std::string_view> match(std::string_view pattern,
                                      std::string_view name) {
  const auto star = pattern.find('*');
  if (star == std::string_view::npos)
    return pattern == name ? std::optional(std::string_view()) : std::nullopt;
  const auto head = pattern.substr(0, star);
  const auto tail = pattern.substr(star + 1);
  if (name.size() < head.size() + tail.size() || !name.starts_with(head) ||
      !name.ends_with(tail))
    return std::nullopt;
  return name.substr(star, name.size() - head.size() - tail.size());
}

std::string fill(std::string_view pattern, std::string_view text) {
  std::string filled(pattern);
  if (const auto star = filled.find('*'); star != std::string::npos)
    filled.replace(star, 1, text);
  return filled;
}

std::optional<RenamedTensor> rename_by(std::span<const Rename> rows,
                                       std::span<const Rename> block,
                                       std::string_view foreign) {
  for (const auto& row : rows) {
    const auto text = match(row.foreign, foreign);
    if (!text) continue;
    if (!row.in_block) return RenamedTensor{fill(row.canonical, *text), &row};
    auto inner = rename_by(block, {}, *text);
    if (inner) inner->canonical = fill(row.canonical, inner->canonical);
    return inner;
  }
  return std::nullopt;
}

std::optional<ForeignTensor> foreign_by(std::span<const Rename> rows,
                                        std::span<const Rename> block,
                                        std::string_view canonical,
                                        std::size_t part) {
  for (const auto& row : rows) {
    if (row.parts > 1 && row.part != part) continue;
    const auto text = match(row.canonical, canonical);
    if (!text) continue;
    if (!row.in_block) return ForeignTensor{fill(row.foreign, *text), &row};
    if (const auto inner = foreign_by(block, {}, *text, part))
      return ForeignTensor{fill(row.foreign, inner->name), inner->row};
  }
  return std::nullopt;
}

}  // namespace

std::span<const LayoutRow> layouts() {
  constexpr std::string_view fusion = "fusion.layers.0.linear1.weight";
  constexpr std::string_view head = "union_weighted_layer.0.weight";
  static const std::array rows{
      LayoutRow{"union",
                {"model.visual.conv1.weight", fusion, head},
                union_names,
                {}},
      LayoutRow{"transagg",
                {"pretrained_model.visual.conv1.weight", fusion},
                transagg_names,
                {}},
      LayoutRow{
          "transagg", {"model.visual.conv1.weight", fusion}, union_names, {}},
      LayoutRow{"union",
                {"model.visual_encoder.pos_embed", fusion, head},
                union_names,
                {}},
      LayoutRow{"transagg",
                {"pretrained_model.visual_encoder.pos_embed", fusion},
                transagg_names,
                {}},
      LayoutRow{"transagg",
                {"model.visual_encoder.pos_embed", fusion},
                union_names,
                {}},
      LayoutRow{"blip",
                {"visual_encoder.pos_embed", "vision_proj.weight",
                 "text_proj.weight"},
                as_is,
                {}},
      LayoutRow{"openai",
                {"visual.conv1.weight", "token_embedding.weight"},
                as_is,
                {}},
      LayoutRow{"open_clip",
                {"visual.conv1.weight", "text.token_embedding.weight"},
                custom_text,
                {}},
      LayoutRow{"huggingface",
                {"vision_model.embeddings.class_embedding",
                 "text_model.embeddings.token_embedding.weight"},
                huggingface,
                huggingface_block},
      LayoutRow{"huggingface",
                {"vision_model.embeddings.class_embedding",
                 "text_encoder.embeddings.word_embeddings.weight",
                 "vision_proj.weight", "text_proj.weight"},
                huggingface_blip,
                huggingface_blip_block},
      LayoutRow{"huggingface",
                {siglip_marker, "text_model.head.weight"},
                huggingface_siglip,
                huggingface_block},
      LayoutRow{
          "open_clip",
          {"visual.trunk.attn_pool.latent", "text.text_projection.weight"},
          open_clip_siglip,
          timm_block},
  };
  return rows;
}

const LayoutRow& layout_with(std::string_view marker) {
  for (const auto& layout : layouts())
    if (std::ranges::find(layout.markers, marker) != layout.markers.end())
      return layout;
  fail(ErrorKind::unsupported, "no layout holds '{}'", marker);
}

std::string_view name_prefix(std::string_view name) {
  const auto slash = name.rfind('/');
  std::size_t end = slash == std::string_view::npos ? 0 : slash + 1;
  for (bool found = true; found;) {
    found = false;
    for (const std::string_view wrapper : {"module.", "_orig_mod."})
      if (name.substr(end).starts_with(wrapper)) {
        end += wrapper.size();
        found = true;
      }
  }
  return name.substr(0, end);
}

std::optional<FoundLayout> find_layout(
    std::span<const std::string_view> names) {
  std::vector<std::string_view> prefixes;  // in the order of the file
  std::map<std::string_view, std::set<std::string_view>> leaves;
  for (const auto name : names) {
    const auto prefix = name_prefix(name);
    auto& group = leaves[prefix];
    if (group.empty()) prefixes.push_back(prefix);
    group.insert(name.substr(prefix.size()));
  }
  for (const auto& row : layouts())
    for (const auto prefix : prefixes)
      if (std::ranges::all_of(row.markers, [&](auto marker) {
            return leaves[prefix].contains(marker);
          }))
        return FoundLayout{&row, std::string(prefix)};
  return std::nullopt;
}

std::optional<RenamedTensor> rename(const LayoutRow& layout,
                                    std::string_view foreign) {
  return rename_by(layout.renames, layout.block, foreign);
}

std::string foreign_name(const LayoutRow& layout, std::string_view canonical,
                         std::size_t part) {
  const auto found = foreign_by(layout.renames, layout.block, canonical, part);
  return found ? found->name : std::string(canonical);
}

std::vector<ForeignTensor> foreign_tensors(const LayoutRow& layout,
                                           std::string_view canonical) {
  std::vector<ForeignTensor> list;
  std::size_t span = 1;
  for (std::size_t part = 0, parts = 1; part < parts; part += span)
    if (auto found =
            foreign_by(layout.renames, layout.block, canonical, part)) {
      parts = found->row->parts;
      span = found->row->span;
      list.push_back(*std::move(found));
    }
  return list;
}

bool is_known_extra(std::string_view canonical) {
  return canonical.find(cross_attention) != std::string_view::npos ||
         std::ranges::any_of(known_extras, [&](auto pattern) {
           return match(pattern, canonical).has_value();
         });
}

std::string_view guess_unsupported(std::span<const std::string_view> names) {
  for (const auto& row : unsupported)
    for (const auto name : names)
      if (name.find(row.part) != std::string_view::npos) return row.what;
  return {};
}

}  // namespace igrot
