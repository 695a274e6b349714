// How stored TIFF samples become pixels: the functions that the table of
// layouts names. width counts pixels.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace igrot {

/// The colours of an RGBA pixel that were multiplied by its alpha, undone.
inline void divide_by_alpha(std::uint8_t* pixel) {
  const unsigned alpha = pixel[3];
  for (std::size_t c = 0; c < 3; ++c)
    pixel[c] = alpha == 0 ? std::uint8_t{0}
                          : static_cast<std::uint8_t>(
                                std::min(pixel[c] * 255U / alpha, 255U));
}

namespace tiff_samples {

constexpr bool is_big_host = std::endian::native == std::endian::big;

using Row = const std::uint8_t*;
using Out = std::uint8_t*;

inline void bits(Row row, std::size_t width, Out out) {
  for (std::size_t x = 0; x < width; ++x)
    out[x] = row[x / 8] >> (7 - x % 8) & 1 ? 255 : 0;
}

/// Samples of 2 or 4 bits, `Scale` times as large.
template <unsigned Bits, unsigned Scale>
void small(Row row, std::size_t width, Out out) {
  constexpr std::size_t per_byte = 8 / Bits;
  for (std::size_t x = 0; x < width; ++x) {
    const auto shift = 8 - Bits - Bits * (x % per_byte);
    const auto value = row[x / per_byte] >> shift & ((1U << Bits) - 1);
    out[x] = static_cast<std::uint8_t>(value * Scale);
  }
}

// Two samples in three bytes, high bits first.
inline void twelve_bits(Row row, std::size_t width, Out out) {
  for (std::size_t x = 0; x < width; ++x) {
    const auto* p = row + x / 2 * 3;
    const auto value = static_cast<std::uint16_t>(
        x % 2 ? (p[1] & 15) << 8 | p[2] : p[0] << 4 | p[1] >> 4);
    std::memcpy(out + 2 * x, &value, 2);
  }
}

template <class Number, bool BigEndian>
Number load(Row p) {
  std::array<std::uint8_t, sizeof(Number)> bytes;
  std::copy_n(p, sizeof(Number), bytes.begin());
  if (BigEndian != is_big_host) std::ranges::reverse(bytes);
  return std::bit_cast<Number>(bytes);
}

/// Numbers of one type to those of another.
template <class From, class To, bool BigEndian>
void numbers(Row row, std::size_t width, Out out) {
  for (std::size_t x = 0; x < width; ++x) {
    const To value = load<From, BigEndian>(row + x * sizeof(From));
    std::memcpy(out + x * sizeof(To), &value, sizeof value);
  }
}

/// From native order to big-endian.
inline void to_big(Row row, std::size_t width, Out out) {
  numbers<std::uint16_t, std::uint16_t, !is_big_host>(row, width, out);
}

/// The first `Kept` of `Stored` samples of `Size` bytes; of 16-bit samples the
/// high byte.
template <std::size_t Kept, std::size_t Stored, std::size_t Size = 1,
          std::size_t High = 0>
void first_samples(Row row, std::size_t width, Out out) {
  for (std::size_t x = 0; x < width; ++x)
    for (std::size_t c = 0; c < Kept; ++c)
      out[Kept * x + c] = row[(Stored * x + c) * Size + High];
}

/// Colours stored multiplied by their alpha.
template <std::size_t Stored, std::size_t Size = 1, std::size_t High = 0>
void premultiplied(Row row, std::size_t width, Out out) {
  first_samples<4, Stored, Size, High>(row, width, out);
  for (std::size_t x = 0; x < width; ++x) divide_by_alpha(out + 4 * x);
}

}  // namespace tiff_samples
}  // namespace igrot
