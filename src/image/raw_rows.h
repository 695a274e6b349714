// Uncompressed rows of many layouts, as BMP, PNM and TIFF store them.
#pragma once

#include "base/bytes.h"
#include "igrot/image.h"

namespace igrot {

/// How `bits` a pixel become a pixel of `mode`. Bilevel rows come out packed.
struct RawLayout {
  Mode mode;
  unsigned bits;
  void (*unpack)(const std::uint8_t* row, std::size_t width, std::uint8_t* out);

  std::size_t row_bytes(std::size_t width) const {
    return static_cast<std::size_t>(
        (static_cast<std::uint64_t>(width) * bits + 7) / 8);
  }
};

namespace raw {

/// Stored as the mode keeps it.
void copy_bits(const std::uint8_t* row, std::size_t width, std::uint8_t* out);
void copy_1(const std::uint8_t* row, std::size_t width, std::uint8_t* out);
void copy_2(const std::uint8_t* row, std::size_t width, std::uint8_t* out);
void copy_3(const std::uint8_t* row, std::size_t width, std::uint8_t* out);
void copy_4(const std::uint8_t* row, std::size_t width, std::uint8_t* out);

void inverted_bits(const std::uint8_t* row, std::size_t width,
                   std::uint8_t* out);
void index_1(const std::uint8_t* row, std::size_t width, std::uint8_t* out);
void index_4(const std::uint8_t* row, std::size_t width, std::uint8_t* out);
void bgr(const std::uint8_t* row, std::size_t width, std::uint8_t* out);
void bgrx(const std::uint8_t* row, std::size_t width, std::uint8_t* out);
void xbgr(const std::uint8_t* row, std::size_t width, std::uint8_t* out);
void bgra(const std::uint8_t* row, std::size_t width, std::uint8_t* out);
void abgr(const std::uint8_t* row, std::size_t width, std::uint8_t* out);
void bgr_555(const std::uint8_t* row, std::size_t width, std::uint8_t* out);
void bgr_565(const std::uint8_t* row, std::size_t width, std::uint8_t* out);
void big_16_to_i(const std::uint8_t* row, std::size_t width, std::uint8_t* out);

}  // namespace raw

/// Where rows lie in the data.
struct RawRows {
  std::uint64_t stride = 0;  // 0: no gaps
  bool bottom_up = false;
};

/// Fills `parts` (of the layout's mode). Throws Error: corrupt when rows
/// overlap or the data end before the last row does.
void read_raw_rows(Bytes data, const RawLayout& layout, const RawRows& rows,
                   ImageParts& parts);

}  // namespace igrot
