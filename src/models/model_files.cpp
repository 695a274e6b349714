#include "models/model_files.h"

#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "base/file.h"
#include "formats/foreign_text.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::uint64_t json_limit_bytes = 64U << 20;
constexpr std::size_t shard_limit = 4096;

// What a folder may hold, best first: transformers' and open_clip's names.
constexpr std::array weight_names{
    "model.safetensors",           "model.safetensors.index.json",
    "open_clip_model.safetensors", "open_clip_pytorch_model.safetensors",
    "pytorch_model.bin",           "pytorch_model.bin.index.json",
    "open_clip_pytorch_model.bin"};

Json read_json(const fs::path& path) {
  const auto bytes = read_file(path, json_limit_bytes);
  auto json = Json::parse(as_text(bytes), nullptr, false);
  if (json.is_discarded())
    fail(ErrorKind::corrupt, "{}: not JSON", path.string());
  return json;
}

/// The member of an object, or null.
const Json* member(const Json* json, const char* name) {
  if (!json || !json->is_object()) return nullptr;
  const auto found = json->find(name);
  return found == json->end() ? nullptr : &*found;
}

std::optional<std::size_t> number(const Json* json) {
  if (!json || !json->is_number_unsigned()) return std::nullopt;
  return json->get<std::size_t>();
}

std::optional<TowerHints> tower(std::optional<std::size_t> width,
                                std::optional<std::size_t> heads) {
  if (!width || !heads) return std::nullopt;
  return TowerHints{*width, *heads};
}

/// What transformers leaves out of a configuration, by its `model_type`.
struct HuggingFaceDefaults {
  std::string activation = "quick_gelu";
  std::optional<float> vision_eps{};
};

HuggingFaceDefaults huggingface_defaults(const Json& json) {
  const auto* type = member(&json, "model_type");
  if (type && *type == "blip") return {"gelu", 1e-5F};
  if (type && *type == "siglip") return {"gelu_pytorch_tanh"};
  if (type && *type == "siglip2")
    fail(ErrorKind::unsupported,
         "a SigLIP 2 of variable resolution (NaFlex), which igrot does not "
         "run");
  return {};
}

/// transformers: CLIPConfig, BlipConfig and SiglipConfig.
std::optional<ConfigHints> huggingface_hints(const Json& json) {
  const auto* vision = member(&json, "vision_config");
  const auto* text = member(&json, "text_config");
  if (!vision || !text) return std::nullopt;
  const auto defaults = huggingface_defaults(json);
  const auto activation = [&](const Json* config) {
    const auto* name = member(config, "hidden_act");
    return name && name->is_string() ? name->get<std::string>()
                                     : defaults.activation;
  };
  const auto hints = [](const Json* config, std::optional<float> usual_eps) {
    TowerHints found{number(member(config, "hidden_size")).value_or(0),
                     number(member(config, "num_attention_heads")).value_or(0),
                     usual_eps};
    const auto* eps = member(config, "layer_norm_eps");
    if (eps && eps->is_number()) found.eps = eps->get<float>();
    return found;
  };
  if (activation(vision) != activation(text))
    fail(ErrorKind::unsupported, "the towers' activations differ: {} and {}",
         in_quotes(activation(vision)), in_quotes(activation(text)));
  return ConfigHints{.activation = activation(vision),
                     .vision = hints(vision, defaults.vision_eps),
                     .text = hints(text, {})};
}

/// The name of open_clip's GELU, which both towers are taken to share.
std::string open_clip_activation(const Json* config, const Json* text) {
  const auto* quick = member(config, "quick_gelu");
  if (quick && quick->is_boolean() && quick->get<bool>()) return "quick_gelu";
  const auto* kind = member(member(text, "act_kwargs"), "approximate");
  return kind && *kind == "tanh" ? "gelu_pytorch_tanh" : "gelu";
}

/// open_clip: open_clip_config.json, or a model's own configuration.
std::optional<ConfigHints> open_clip_hints(const Json& json) {
  const auto* nested = member(&json, "model_cfg");
  const auto* config = nested ? nested : &json;
  const auto* vision = member(config, "vision_cfg");
  const auto* text = member(config, "text_cfg");
  if (!vision || !text) return std::nullopt;
  ConfigHints hints;
  hints.activation = open_clip_activation(config, text);
  hints.is_open_clip = true;
  const auto width = number(member(vision, "width"));
  const auto head_width = number(member(vision, "head_width")).value_or(64);
  if (width && head_width > 0)
    hints.vision = TowerHints{*width, *width / head_width};
  hints.text =
      tower(number(member(text, "width")), number(member(text, "heads")));
  return hints;
}

/// The configuration in a folder. One that is not about a CLIP, or is no JSON
/// at all, is somebody else's.
ConfigHints find_hints(const fs::path& folder, bool prefer_open_clip) {
  std::array names{"config.json", "open_clip_config.json"};
  if (prefer_open_clip) std::swap(names[0], names[1]);
  for (const auto* name : names) {
    const auto path = folder / name;
    std::error_code ignored;
    if (!fs::is_regular_file(path, ignored)) continue;
    const auto bytes = read_file(path, json_limit_bytes);
    const auto json = Json::parse(as_text(bytes), nullptr, false);
    if (json.is_discarded()) continue;
    const auto hints = at(path.string(), [&] {
      auto found = huggingface_hints(json);
      return found ? found : open_clip_hints(json);
    });
    if (hints) return *hints;
  }
  return {};
}

/// The shards an index names, in the order of their names.
std::vector<Checkpoint> open_shards(const fs::path& index) {
  const auto json = read_json(index);
  const auto* map = member(&json, "weight_map");
  if (!map || !map->is_object())
    fail(ErrorKind::corrupt, "{}: has no 'weight_map'", index.string());
  std::set<std::string> names;
  for (const auto& file : *map) {
    if (!file.is_string())
      fail(ErrorKind::corrupt, "{}: 'weight_map' is not made of file names",
           index.string());
    names.insert(file.get<std::string>());
  }
  if (names.size() > shard_limit)
    fail(ErrorKind::unsupported, "{}: names {} files", index.string(),
         names.size());
  std::vector<Checkpoint> parts;
  for (const auto& name : names) {
    if (name.empty() || name == "." || name == ".." ||
        name.find('\0') != std::string::npos ||
        fs::path(name).filename() != name)
      fail(ErrorKind::corrupt, "{}: {} is not the name of a file beside it",
           index.string(), in_quotes(name));
    parts.push_back(Checkpoint::open(index.parent_path() / name));
  }
  return parts;
}

fs::path find_weights(const fs::path& folder) {
  std::error_code ignored;
  for (const auto* name : weight_names)
    if (fs::exists(folder / name, ignored)) return folder / name;
  std::string names;
  for (const std::string name : weight_names)
    names += (names.empty() ? "" : ", ") + name;
  fail(ErrorKind::not_found, "{}: a folder without any of {}", folder.string(),
       names);
}

}  // namespace

ModelFiles open_model_files(const fs::path& path) {
  std::error_code ignored;
  const bool is_folder = fs::is_directory(path, ignored);
  const auto file = is_folder ? find_weights(path) : path;
  const auto name = file.filename().string();
  ModelFiles files{
      .path = path, .folder = file.parent_path(), .parts = {}, .hints = {}};
  if (name.ends_with(".index.json"))
    files.parts = open_shards(file);
  else
    files.parts.push_back(Checkpoint::open(file));
  files.hints = find_hints(file.parent_path(), name.starts_with("open_clip"));
  const auto& metadata = files.parts.front().metadata();
  if (const auto found = metadata.find(std::string(activation_key));
      found != metadata.end())
    files.hints.activation = found->second;
  return files;
}

}  // namespace igrot
