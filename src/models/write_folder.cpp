#include "models/write_folder.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/fail.h"
#include "base/file.h"
#include "formats/writers.h"
#include "models/derive.h"
#include "models/foreign_tensors.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

Json huggingface_tower(const TowersConfig& c, const StackConfig& stack,
                       std::string_view type) {
  return {{"model_type", type},
          {"hidden_size", stack.width},
          {"intermediate_size", stack.mlp_width},
          {"num_hidden_layers", stack.layers},
          {"num_attention_heads", stack.heads},
          {"hidden_act", name_of(activations, stack.activation)},
          {"layer_norm_eps", stack.eps},
          {"projection_dim", c.width}};
}

Json huggingface_clip(const TowersConfig& c) {
  constexpr int start = 49406;  // CLIP's tokens
  auto text = huggingface_tower(c, c.text, "clip_text_model");
  text["max_position_embeddings"] = c.context;
  text["vocab_size"] = c.vocabulary;
  text["bos_token_id"] = start;
  text["eos_token_id"] = start + 1;
  auto vision = huggingface_tower(c, c.vision, "clip_vision_model");
  vision["image_size"] = c.side();
  vision["patch_size"] = c.patch;
  return {{"architectures", {"CLIPModel"}},
          {"model_type", "clip"},
          {"projection_dim", c.width},
          {"text_config", text},
          {"vision_config", vision}};
}

Json huggingface_blip(const TowersConfig& c) {
  auto text = huggingface_tower(c, c.text, "blip_text_model");
  text["max_position_embeddings"] = c.text_positions;
  text["vocab_size"] = c.vocabulary;
  text["encoder_hidden_size"] = c.vision.width;
  auto vision = huggingface_tower(c, c.vision, "blip_vision_model");
  vision["image_size"] = c.side();
  vision["patch_size"] = c.patch;
  return {{"architectures", {"BlipForImageTextRetrieval"}},
          {"model_type", "blip"},
          {"projection_dim", c.width},
          {"image_text_hidden_size", c.width},
          {"text_config", text},
          {"vision_config", vision}};
}

Json huggingface_siglip(const TowersConfig& c) {
  constexpr int end = 1;
  auto text = huggingface_tower(c, c.text, "siglip_text_model");
  text["max_position_embeddings"] = c.context;
  text["vocab_size"] = c.vocabulary;
  text["eos_token_id"] = end;
  text["projection_size"] = c.width;
  auto vision = huggingface_tower(c, c.vision, "siglip_vision_model");
  vision["image_size"] = c.side();
  vision["patch_size"] = c.patch;
  return {{"architectures", {"SiglipModel"}},
          {"model_type", "siglip"},
          {"text_config", text},
          {"vision_config", vision}};
}

Json open_clip_config(const TowersConfig& c) {
  const Json vision{{"image_size", c.side()},
                    {"layers", c.vision.layers},
                    {"width", c.vision.width},
                    {"head_width", c.vision.width / c.vision.heads},
                    {"mlp_ratio", static_cast<double>(c.vision.mlp_width) /
                                      static_cast<double>(c.vision.width)},
                    {"patch_size", c.patch}};
  const Json text{{"context_length", c.context},
                  {"vocab_size", c.vocabulary},
                  {"width", c.text.width},
                  {"heads", c.text.heads},
                  {"layers", c.text.layers}};
  return {{"model_cfg",
           {{"embed_dim", c.width},
            {"quick_gelu", c.vision.activation == Activation::quick_gelu},
            {"vision_cfg", vision},
            {"text_cfg", text}}}};
}

/// One row a layout and family.
struct FolderRow {
  FolderLayout layout;
  Family family;
  std::string_view marker;  ///< of the layout whose names it takes
  std::string_view weights;
  std::string_view config;
  Json (*describe)(const TowersConfig&);
};

constexpr std::array folder_rows{
    FolderRow{FolderLayout::huggingface, Family::clip,
              "text_model.embeddings.token_embedding.weight",
              "model.safetensors", "config.json", huggingface_clip},
    FolderRow{FolderLayout::huggingface, Family::blip,
              "text_encoder.embeddings.word_embeddings.weight",
              "model.safetensors", "config.json", huggingface_blip},
    FolderRow{FolderLayout::huggingface, Family::siglip, siglip_marker,
              "model.safetensors", "config.json", huggingface_siglip},
    FolderRow{FolderLayout::open_clip, Family::clip, "visual.conv1.weight",
              "open_clip_model.safetensors", "open_clip_config.json",
              open_clip_config},
};

const FolderRow& find_row(FolderLayout layout, Family family) {
  for (const auto& row : folder_rows)
    if (row.layout == layout && row.family == family) return row;
  fail(ErrorKind::unsupported, "{} has no model like this one, of {}'s towers",
       name_of(folder_layouts, layout), name_of(families, family));
}

/// transformers' model of BLIP has the matching head, and no momentum copies.
bool belongs_to_matching(std::string_view name) {
  return name.starts_with("itm_head.") ||
         (name.starts_with("text_encoder.") &&
          name.find(".crossattention.") != std::string_view::npos);
}

}  // namespace

void write_model_folder(const fs::path& folder, FolderLayout layout,
                        const ModelConfig& config, const ModelNumbers& numbers,
                        DType dtype) {
  const auto& row = find_row(layout, config.towers.family);
  ForeignTensors tensors(layout_with(row.marker), dtype);
  const ModelConfig towers{.towers = config.towers,
                           .transagg = std::nullopt,
                           .union_head = std::nullopt};
  for (const auto& spec : list_tensors(towers))
    tensors.add(spec.name, numbers.read(spec));
  if (config.towers.family != Family::blip)
    add_logits(tensors, config.towers.family, numbers);
  for (const auto& [name, tensor] : numbers.carried)
    if (belongs_to_matching(name)) tensors.add(name, tensor);
  fs::create_directories(folder);
  write_safetensors(folder / row.weights, tensors.list(), {{"format", "pt"}});
  auto json = row.describe(config.towers).dump(2) + "\n";
  AtomicFile file(folder / row.config);
  file.write(json);
  file.commit();
}

}  // namespace igrot
