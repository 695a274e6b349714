// Verifying a whole gallery.
#pragma once

#include "gallery/reading.h"

namespace igrot {

GalleryCheck check_gallery(Readers& readers);

}  // namespace igrot
