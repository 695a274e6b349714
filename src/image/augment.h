// Random views of training pictures: where they are cut, how they are drawn and
// how they are coloured. The colour changes are those of torchvision's
// ColorJitter and RandomGrayscale, in that library's default order.
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
  double hue = 0;      ///< degrees of the colour circle, either way
  double gray = 0;     ///< probability
  double lines = 0;    ///< probability of an outline drawing
  double ink = 0;      ///< probability of black and white alone
  double thicken = 0;  ///< probability of dark strokes a pixel wider each way
  double erase = 0;    ///< probability of a white rectangle somewhere

  bool any() const {
    return min_scale < 1 || max_rotate > 0 || max_shift > 0 || flip > 0 ||
           brightness > 0 || contrast > 0 || saturation > 0 || hue > 0 ||
           gray > 0 || lines > 0 || ink > 0 || thicken > 0 || erase > 0;
  }
};

/// One way to look at a square. The picture is moved, turned about the middle
/// of the square, cut to the middle `scale` of its side, mirrored, drawn by
/// another hand, coloured, and partly covered.
struct View {
  /// What is left of the colours.
  enum class Hand {
    painter,  ///< all
    liner,    ///< dark lines where the colours change
    printer,  ///< black where it is darker than `ink_level`, else white
  };

  /// Shares of the side.
  struct Box {
    double x = 0;
    double y = 0;
    double width = 0;
    double height = 0;

    friend bool operator==(const Box&, const Box&) = default;
  };

  double shift_x = 0;  ///< to the right, share of the side
  double shift_y = 0;  ///< down, likewise
  double rotate = 0;   ///< degrees, counter-clockwise
  double scale = 1;    ///< of the crop, in (0, 1]
  bool mirrored = false;
  double brightness = 1;  ///< factor; 0 is black
  double contrast = 1;    ///< factor; 0 is the mean gray
  double saturation = 1;  ///< factor; 0 is gray
  double hue = 0;         ///< degrees
  bool gray = false;
  Hand hand = Hand::painter;
  double ink_level = 0.5;  ///< share of the way from the darkest to white
  bool thick = false;      ///< a pixel is as dark as its darkest neighbour
  Box erased = {};         ///< white

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
