// Pictures inside pages.
#pragma once

#include <string>

#include "igrot/image.h"

namespace igrot {

/// A data: address of an RGB or gray picture: PNG for drawings, which stay
/// sharp and small that way, JPEG for photographs.
std::string picture_uri(const Image& picture);

}  // namespace igrot
