// How pictures become a gallery's vectors, apart from the weights: what has to
// be equal for two vectors to be comparable. A gallery keeps it as JSON.
#pragma once

#include <optional>
#include <string>

#include "igrot/image.h"
#include "igrot/settings.h"
#include "session.h"

namespace igrot::app {

struct Recipe {
  std::optional<Target> target;  ///< unset: as the model allows
  Pad pad = Pad::target;
  double ratio = 1.25;
  Convert convert = Convert::first;
  Exif exif = Exif::rotate;
  Alpha alpha = Alpha::white;
  Icc icc = Icc::ignore;
  std::string activation;  ///< empty: as the model's files say

  OpenOptions open_options() const;
  /// A model's preprocessing with these settings.
  Preprocess preprocess(Preprocess model) const;

  friend bool operator==(const Recipe&, const Recipe&) = default;
};

/// The settings as they stand; those nobody set come from `known`.
Recipe recipe_from_settings(const Session& session,
                            const Recipe& known = Recipe());

/// One line of JSON, the same for equal recipes.
std::string recipe_json(const Recipe& recipe);

/// Throws Error: corrupt.
Recipe parse_recipe(const std::string& json);

}  // namespace igrot::app
