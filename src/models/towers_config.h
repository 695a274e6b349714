// Hyper-parameters of a model's two towers.
#pragma once

#include <array>

#include "igrot/settings.h"
#include "models/blocks.h"

namespace igrot {

/// Whose towers they are: which functions compute them.
enum class Family { clip, blip, siglip };

inline constexpr std::array families{Named{Family::clip, "clip"},
                                     Named{Family::blip, "blip"},
                                     Named{Family::siglip, "siglip"}};

struct TowersConfig {
  Family family = Family::clip;
  std::size_t width = 0;  ///< d
  std::size_t patch = 0;  ///< pixels, one way
  std::size_t grid = 0;   ///< patches, one way
  StackConfig vision;
  std::size_t context = 0;         ///< text positions that are read
  std::size_t text_positions = 0;  ///< rows of their table
  std::size_t vocabulary = 0;      ///< rows of the token table
  StackConfig text;

  std::size_t side() const { return patch * grid; }
  /// The patches, behind the class token where there is one.
  std::size_t image_rows() const {
    return grid * grid + (family == Family::siglip ? 0 : 1);
  }
};

}  // namespace igrot
