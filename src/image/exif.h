// Numbers in the TIFF blocks that other formats carry: EXIF and MPF.
// Source: TIFF 6.0, section 2; EXIF 2.3, 4.5.
#pragma once

#include <optional>

#include "base/bytes.h"

namespace igrot {

/// The single short or long number under `tag` in the block's first directory;
/// nothing when it is missing or the block is damaged.
std::optional<std::uint32_t> directory_number(Bytes block, std::uint16_t tag);

/// The orientation (1 to 8) of an EXIF block, with or without "Exif\0\0" before
/// it; 1 when there is none.
int exif_orientation(Bytes block);

}  // namespace igrot
