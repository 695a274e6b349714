// The model behind a gallery: what the gallery remembers of it, and loading it
// again.
#pragma once

#include <filesystem>
#include <optional>

#include "igrot/gallery.h"
#include "igrot/retriever.h"
#include "recipe.h"
#include "session.h"

namespace igrot::app {

/// What a gallery remembers of the model that made it.
struct RememberedModel {
  std::filesystem::path path;
  std::string fingerprint;  ///< of the weights
  Recipe recipe;            ///< with target and activation resolved
};

/// Throws Error: corrupt.
RememberedModel remembered(const GalleryModel& model);

/// A model ready to make vectors for galleries.
struct ActiveModel {
  Retriever retriever;
  std::filesystem::path path;  ///< absolute
  Recipe recipe;               ///< with target and activation resolved
};

/// Loads a model and resolves what the recipe leaves to it.
ActiveModel load_active(const Session& session,
                        const std::filesystem::path& path, Recipe recipe);

/// What a gallery is to remember.
GalleryModel describe_active(const ActiveModel& model);

/// --model, else where the model was when the gallery was made. Throws Error:
/// not_found (it is gone), which says what to do.
std::filesystem::path model_path(const Session& session,
                                 const RememberedModel& known);

/// The model of an existing gallery, from --model where that is given. Throws
/// Error: not_found (it is gone), usage (it is another one); both say what to
/// do.
ActiveModel load_for(const Session& session, const Gallery& gallery);

/// Whether the file at the remembered path is, by size and time, the one that
/// made the gallery.
bool is_untouched(const GalleryModel& model);

}  // namespace igrot::app
