// Names of models instead of paths: where a known model lies on this machine,
// and from which address it comes.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "known_models.h"
#include "session.h"

namespace igrot::app {

/// Where `igrot model fetch` puts it: igrot/models/NAME below XDG_DATA_HOME or
/// ~/.local/share. Throws Error: usage (no home is known).
std::filesystem::path store_folder(const Session& session,
                                   const KnownModel& model);

/// The folder that holds all its files: that of the store, else one in Hugging
/// Face's cache.
std::optional<std::filesystem::path> find_files(const Session& session,
                                                const KnownModel& model);

/// What to load of a folder that holds its files: the only file, else the
/// folder.
std::filesystem::path loadable(const std::filesystem::path& folder,
                               const KnownModel& model);

/// The path of a model as people write it: a file or folder that is there, or
/// the name of a known model that was fetched. Throws Error: not_found (a known
/// name that was not fetched, with what to do; a name of nothing), unsupported
/// (a known name of what can only be fetched by hand).
std::filesystem::path resolve_model(const Session& session,
                                    const std::filesystem::path& given);

/// Says where people get a model without files. Throws Error: unsupported.
[[noreturn]] void fail_by_hand(const KnownModel& model);

/// Where a file is asked for: on the mirror of the setting `model-mirror` at
/// MIRROR/HOST/PATH, else what is Hugging Face's at HF_ENDPOINT, else at its
/// own address. Throws Error: usage (a mirror that is no http address).
std::string address_for(const Session& session, const KnownFile& file);

}  // namespace igrot::app
