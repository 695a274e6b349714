#include "image/raw_rows.h"

#include <cstring>

#include "image/decoder.h"

namespace igrot {
namespace raw {
namespace {

unsigned load_16(const std::uint8_t* p) {
  return p[0] | p[1] << 8;
}

std::uint8_t spread(unsigned value, unsigned max) {
  return static_cast<std::uint8_t>((value & max) * 255 / max);
}

/// Reorders four stored bytes; a mode of three takes the first three.
template <std::size_t Channels>
void reorder(const std::uint8_t* row, std::size_t width, std::uint8_t* out,
             const std::array<std::size_t, Channels>& from) {
  for (std::size_t x = 0; x < width; ++x)
    for (std::size_t c = 0; c < Channels; ++c)
      out[Channels * x + c] = row[4 * x + from[c]];
}

}  // namespace

void copy_bits(const std::uint8_t* row, std::size_t width, std::uint8_t* out) {
  std::memcpy(out, row, row_bytes(Mode::bilevel, width));
  if (width % 8 != 0)
    out[width / 8] &= static_cast<std::uint8_t>(0xFF00 >> width % 8);
}

void copy_1(const std::uint8_t* row, std::size_t width, std::uint8_t* out) {
  std::memcpy(out, row, width);
}

void copy_2(const std::uint8_t* row, std::size_t width, std::uint8_t* out) {
  std::memcpy(out, row, 2 * width);
}

void copy_3(const std::uint8_t* row, std::size_t width, std::uint8_t* out) {
  std::memcpy(out, row, 3 * width);
}

void copy_4(const std::uint8_t* row, std::size_t width, std::uint8_t* out) {
  std::memcpy(out, row, 4 * width);
}

void inverted_bits(const std::uint8_t* row, std::size_t width,
                   std::uint8_t* out) {
  copy_bits(row, width, out);
  for (std::size_t i = 0; i < row_bytes(Mode::bilevel, width); ++i)
    out[i] = static_cast<std::uint8_t>(~out[i]);
  if (width % 8 != 0)
    out[width / 8] &= static_cast<std::uint8_t>(0xFF00 >> width % 8);
}

void index_1(const std::uint8_t* row, std::size_t width, std::uint8_t* out) {
  for (std::size_t x = 0; x < width; ++x)
    out[x] = row[x / 8] >> (7 - x % 8) & 1;
}

void index_4(const std::uint8_t* row, std::size_t width, std::uint8_t* out) {
  for (std::size_t x = 0; x < width; ++x)
    out[x] = x % 2 ? row[x / 2] & 15 : row[x / 2] >> 4;
}

void bgr(const std::uint8_t* row, std::size_t width, std::uint8_t* out) {
  for (std::size_t x = 0; x < width; ++x)
    for (std::size_t c = 0; c < 3; ++c) out[3 * x + c] = row[3 * x + 2 - c];
}

void bgrx(const std::uint8_t* row, std::size_t width, std::uint8_t* out) {
  reorder<3>(row, width, out, {2, 1, 0});
}

void xbgr(const std::uint8_t* row, std::size_t width, std::uint8_t* out) {
  reorder<3>(row, width, out, {3, 2, 1});
}

void bgra(const std::uint8_t* row, std::size_t width, std::uint8_t* out) {
  reorder<4>(row, width, out, {2, 1, 0, 3});
}

void abgr(const std::uint8_t* row, std::size_t width, std::uint8_t* out) {
  reorder<4>(row, width, out, {3, 2, 1, 0});
}

void bgr_555(const std::uint8_t* row, std::size_t width, std::uint8_t* out) {
  for (std::size_t x = 0; x < width; ++x, out += 3) {
    const auto pixel = load_16(row + 2 * x);
    out[0] = spread(pixel >> 10, 31);
    out[1] = spread(pixel >> 5, 31);
    out[2] = spread(pixel, 31);
  }
}

void bgr_565(const std::uint8_t* row, std::size_t width, std::uint8_t* out) {
  for (std::size_t x = 0; x < width; ++x, out += 3) {
    const auto pixel = load_16(row + 2 * x);
    out[0] = spread(pixel >> 11, 31);
    out[1] = spread(pixel >> 5, 63);
    out[2] = spread(pixel, 31);
  }
}

void big_16_to_i(const std::uint8_t* row, std::size_t width,
                 std::uint8_t* out) {
  for (std::size_t x = 0; x < width; ++x) {
    const std::int32_t value = row[2 * x] << 8 | row[2 * x + 1];
    std::memcpy(out + 4 * x, &value, 4);
  }
}

}  // namespace raw

void read_raw_rows(Bytes data, const RawLayout& layout, const RawRows& rows,
                   ImageParts& parts) {
  const auto size = layout.row_bytes(parts.width);
  const auto stride = rows.stride == 0 ? size : rows.stride;
  if (stride < size)
    fail(ErrorKind::corrupt, "a row of {} bytes in a space of {}", size,
         stride);
  const auto out_stride = row_bytes(parts.mode, parts.width);
  for (std::size_t y = 0; y < parts.height; ++y) {
    const auto row =
        subspan(data, checked_product(y, stride, "row"), size, "row");
    const auto target = rows.bottom_up ? parts.height - 1 - y : y;
    layout.unpack(bytes_of(row), parts.width,
                  bytes_of(parts.pixels) + target * out_stride);
  }
}

}  // namespace igrot
