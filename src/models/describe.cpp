#include "models/describe.h"

#include <nlohmann/json.hpp>

#include "models/derive.h"

namespace igrot {
namespace {

using Json = nlohmann::ordered_json;

Json describe_stack(const StackConfig& c) {
  return {{"width", c.width},
          {"layers", c.layers},
          {"heads", c.heads},
          {"mlp_width", c.mlp_width},
          {"activation", name_of(activations, c.activation)}};
}

Json describe_union(const UnionConfig& c) {
  return {{"layers", c.layers},
          {"heads", c.heads},
          {"head_width", c.head_width},
          {"mlp_width", c.mlp_width},
          {"relative_buckets", c.buckets}};
}

}  // namespace

std::string layout_name(const TensorSource& source, const ConfigHints& hints) {
  const auto name = source.layout().name;
  // OpenAI's names, saved by open_clip's training or lying in its folder.
  if (name == "openai" && (source.is_wrapped() || hints.is_open_clip))
    return "open_clip";
  return std::string(name);
}

std::string describe_config(const ModelConfig& config) {
  const auto& towers = config.towers;
  auto image = describe_stack(towers.vision);
  image["side"] = towers.side();
  image["patch"] = towers.patch;
  auto text = describe_stack(towers.text);
  text["context"] = towers.context;
  text["vocabulary"] = towers.vocabulary;
  Json json{{"family", name_of(families, towers.family)},
            {"width", towers.width},
            {"image", image},
            {"text", text}};
  if (config.transagg) {
    json["fusion"] = describe_stack(config.transagg->fusion);
    json["fusion"]["hidden_width"] = config.transagg->hidden_width;
  }
  if (config.union_head) json["union"] = describe_union(*config.union_head);
  return json.dump();
}

ModelDescription describe_model(const ModelFiles& files) {
  ModelDescription description;
  try {
    const TensorSource source(files.parts);
    description.layout = layout_name(source, files.hints);
    auto config = derive_config(source, files.hints);
    set_activation(config, choose_activation({}, files, source, {}));
    description.config = describe_config(config);
  } catch (const Error&) {
    // What could be told is told.
  }
  return description;
}

ModelDescription describe_model(const Checkpoint& checkpoint) {
  return describe_model(
      ModelFiles{.path = {}, .folder = {}, .parts = {checkpoint}, .hints = {}});
}

}  // namespace igrot
