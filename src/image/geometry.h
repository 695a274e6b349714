// Where a picture ends up: padding, resized size, crop. Rules: method.md 3.
#pragma once

#include "image/resample.h"

namespace igrot {

struct Geometry {
  Axis x;
  Axis y;
};

/// width, height: of the picture, at least 1.
Geometry geometry(std::size_t width, std::size_t height,
                  const Preprocess& preprocess);

}  // namespace igrot
