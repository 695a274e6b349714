// The cache that Hugging Face's own programs keep: models that somebody fetched
// before need not be fetched again. Its layout is huggingface_hub's:
// models--ORG--NAME/{refs/BRANCH, snapshots/COMMIT/FILE}.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "known_models.h"
#include "settings.h"

namespace igrot::app {

inline constexpr std::string_view hub_address = "https://huggingface.co";

/// Where the cache is: HF_HUB_CACHE, else hub/ in HF_HOME, else
/// huggingface/hub/ in XDG_CACHE_HOME or ~/.cache. Nothing where no home is
/// known. It need not exist.
std::optional<std::filesystem::path> hub_cache(const Environment& environment);

/// Whether HF_HUB_OFFLINE asks to stay off the network.
bool hub_is_offline(const Environment& environment);

/// The folder in the cache that holds all files of the model, in their known
/// sizes: the revision of the row, else any other, the latest of a branch
/// first. Nothing for models of other places.
std::optional<std::filesystem::path> find_snapshot(
    const Environment& environment, const KnownModel& model);

/// Whether all files of the model lie in that folder, in their known sizes.
bool holds_files(const std::filesystem::path& folder, const KnownModel& model);

}  // namespace igrot::app
