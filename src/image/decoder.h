// What the picture decoders share: the table that finds one by content, and
// the checks every one of them makes.
#pragma once

#include <array>

#include "base/bytes.h"
#include "igrot/image.h"

namespace igrot {

/// What a decoder hands back: the picture as stored and how to turn it.
struct Decoded {
  ImageParts parts;

  /// EXIF: 1 to 8; 1 is upright.
  int orientation = 1;

  /// The file's ICC profile, where it has one and Icc::apply asks for it.
  std::vector<std::byte> profile = {};
};

/// One row a format. `accepts` looks at signatures only.
struct Decoder {
  std::string_view format;
  bool (*accepts)(Bytes file);

  /// None where the build lacks the format's library.
  Decoded (*decode)(Bytes file, const OpenOptions& options);
};

bool is_bmp(Bytes file);
bool is_dib(Bytes file);
bool is_gif(Bytes file);
bool is_jpeg(Bytes file);
bool is_png(Bytes file);
bool is_pnm(Bytes file);
bool is_raw(Bytes file);
bool is_tiff(Bytes file);
bool is_webp(Bytes file);

Decoded decode_bmp(Bytes file, const OpenOptions& options);
Decoded decode_dib(Bytes file, const OpenOptions& options);
Decoded decode_gif(Bytes file, const OpenOptions& options);
Decoded decode_jpeg(Bytes file, const OpenOptions& options);
Decoded decode_png(Bytes file, const OpenOptions& options);
Decoded decode_pnm(Bytes file, const OpenOptions& options);
Decoded decode_raw(Bytes file, const OpenOptions& options);
Decoded decode_tiff(Bytes file, const OpenOptions& options);
Decoded decode_webp(Bytes file, const OpenOptions& options);

/// Whether `file` starts with these characters.
inline bool starts_with(Bytes file, std::string_view magic) {
  return as_text(file).starts_with(magic);
}

/// The big-endian number at the start of `bytes` (which must hold it).
template <class Number>
Number load_big(Bytes bytes) {
  Number number = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i)
    number = static_cast<Number>(static_cast<std::uint64_t>(number) << 8 |
                                 static_cast<std::uint64_t>(bytes[i]));
  return number;
}

/// Refuses empty pictures (corrupt) and those over the limit (unsupported).
void check_size(std::uint64_t width, std::uint64_t height,
                const OpenOptions& options);

/// The same, and the memory that pixels of this mode take (unsupported).
void check_size(Mode mode, std::uint64_t width, std::uint64_t height,
                const OpenOptions& options);

/// Parts of a checked size, all zero.
ImageParts blank(Mode mode, std::uint64_t width, std::uint64_t height);

inline std::uint8_t* bytes_of(std::vector<std::byte>& data) {
  return reinterpret_cast<std::uint8_t*>(data.data());
}
inline const std::uint8_t* bytes_of(Bytes data) {
  return reinterpret_cast<const std::uint8_t*>(data.data());
}

}  // namespace igrot
