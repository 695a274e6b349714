// The files a model lies in: one checkpoint, or a folder of Hugging Face or
// open_clip with its configuration; and what the configuration says that the
// tensors cannot.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "formats/checkpoint.h"

namespace igrot {

/// What a configuration file says about one tower.
struct TowerHints {
  std::size_t width = 0;
  std::size_t heads = 0;
  std::optional<float> eps{};  ///< of its norms
};

/// What lies beside the tensors. Everything may be absent.
struct ConfigHints {
  std::optional<std::string> activation;  ///< as the file spells it
  std::optional<TowerHints> vision;
  std::optional<TowerHints> text;
  bool is_open_clip = false;  ///< the configuration is open_clip's
};

struct ModelFiles {
  std::filesystem::path path;     ///< as given
  std::filesystem::path folder;   ///< the weights lie in
  std::vector<Checkpoint> parts;  ///< one, or the shards of an index
  ConfigHints hints;
};

/// Opens a checkpoint, an index of shards, or a model folder. Throws Error:
/// not_found, corrupt, unsupported, io.
ModelFiles open_model_files(const std::filesystem::path& path);

/// Key of a safetensors file's metadata that tells the activation.
inline constexpr std::string_view activation_key = "igrot.activation";

}  // namespace igrot
