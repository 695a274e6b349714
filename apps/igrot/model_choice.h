// From settings to a loaded model.
#pragma once

#include <filesystem>

#include "igrot/retriever.h"
#include "session.h"

namespace igrot::app {

/// The folder of what is shipped: --data, else share/igrot beside the program's
/// folder, else the source tree it was built from. Throws Error: not_found.
std::filesystem::path data_folder(const Session& session);

/// The model that comes with igrot. Throws Error: not_found.
std::filesystem::path shipped_model(const Session& session);

/// --model, if it is given: a path, or where the known model of that name lies.
/// Throws Error: as `resolve_model`.
std::optional<std::filesystem::path> given_model(const Session& session);

/// --model, else the shipped one.
std::filesystem::path chosen_model(const Session& session);

/// Engine, activation and threads as set.
LoadOptions load_options(const Session& session, Precision precision);

}  // namespace igrot::app
