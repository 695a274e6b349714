// Numbers written as text: plain PBM, PGM and PPM.
#pragma once

#include <string_view>

#include "base/bytes.h"
#include "igrot/image.h"

namespace igrot {

/// A whole number as Python's int() reads it. Throws Error: corrupt.
std::int64_t parse_pnm_number(std::string_view token);

/// value / max * limit, halves to the even number.
unsigned scale_pnm_sample(unsigned value, unsigned max, unsigned limit);

/// Fills parts (bilevel, l, i or rgb) from text, block by block as PIL 9.4
/// does; max: of the samples. Throws Error: corrupt.
void read_pnm_plain(Bytes data, unsigned max, ImageParts& parts);

}  // namespace igrot
