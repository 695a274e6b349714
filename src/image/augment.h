// Random views of training pictures: where they are cut and how they are
// coloured. The colour changes are those of torchvision's ColorJitter and
// RandomGrayscale, in that library's default order.
#pragma once

#include "base/random.h"
#include "igrot/image.h"

namespace igrot {

/// What a random view may change; nothing by default.
struct Augment {
  double min_scale = 1;   ///< side of the random crop, 1: none
  double max_rotate = 0;  ///< degrees, either way
  double max_shift = 0;   ///< share of the side, either way
  double flip = 0;        ///< probability of a mirror image
  double brightness = 0;  ///< most change, share
  double contrast = 0;
  double saturation = 0;
  double gray = 0;  ///< probability

  bool any() const {
    return min_scale < 1 || max_rotate > 0 || max_shift > 0 || flip > 0 ||
           brightness > 0 || contrast > 0 || saturation > 0 || gray > 0;
  }
};

/// One way to look at a square. The picture is moved, turned about the middle
/// of the square, cut to the middle `scale` of its side, mirrored, and then
/// coloured.
struct View {
  double shift_x = 0;  ///< to the right, share of the side
  double shift_y = 0;  ///< down, likewise
  double rotate = 0;   ///< degrees, counter-clockwise
  double scale = 1;    ///< of the crop, in (0, 1]
  bool mirrored = false;
  double brightness = 1;  ///< factor; 0 is black
  double contrast = 1;    ///< factor; 0 is the mean gray
  double saturation = 1;  ///< factor; 0 is gray
  bool gray = false;

  friend bool operator==(const View&, const View&) = default;
};

/// Draws every number of a view, whatever the settings, so that changing one
/// setting leaves the other numbers alone. The crop lies anywhere in the
/// picture; `max_shift` moves it further, also over the edge.
View draw_view(const Augment& settings, Random& random);

/// The view of a square RGB picture, of the same size: bilinear, beyond the
/// edge its nearest pixel (what was padded stays as it was padded). View{}
/// gives the picture itself. Throws Error: usage (another mode, no square).
Image apply_view(const Image& rgb, const View& view);

}  // namespace igrot
