// ICC colour profiles applied to pixels, by Little CMS.
#pragma once

#include "igrot/image.h"

namespace igrot {

/// The pixels in sRGB, as PIL's `ImageCms.profileToProfile` computes them to a
/// profile of `createProfile("sRGB")`: perceptual intent, 8 bits. Gray and CMYK
/// become RGB, alpha stays; of P and PA the palette is converted. Modes of 1,
/// 16 and 32 bits stay as they are, and so does a picture whose profile is for
/// another kind of colours. Throws Error: corrupt (no profile that Little CMS
/// can read), unsupported (over a limit, of a class that is for no pictures).
ImageParts in_srgb(ImageParts parts, std::span<const std::byte> profile);

}  // namespace igrot
