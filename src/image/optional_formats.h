// Formats that a build reads only where their owners' libraries were found:
// how they are recognized, with or without them.
#pragma once

#include "image/decoder.h"

namespace igrot {

/// ISO/IEC 23008-12: the brand says which.
bool is_avif(Bytes file);
bool is_heif(Bytes file);

/// ISO/IEC 18181-2: a bare codestream or one in boxes.
bool is_jxl(Bytes file);

Decoded decode_avif(Bytes file, const OpenOptions& options);
Decoded decode_heif(Bytes file, const OpenOptions& options);
Decoded decode_jxl(Bytes file, const OpenOptions& options);

/// check_size, and no more than 3 * 2^26 samples: these decoders take up to 5
/// bytes for each.
void check_costly_size(std::uint64_t width, std::uint64_t height,
                       std::uint64_t samples, OpenOptions options);

}  // namespace igrot
