#include "image/tiff_layout.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <numeric>
#include <string>

#include <fmt/ranges.h>

#include "image/decoder.h"

namespace igrot {
namespace {

constexpr bool is_big_host = std::endian::native == std::endian::big;

using Row = const std::uint8_t*;
using Out = std::uint8_t*;

void bits(Row row, std::size_t width, Out out) {
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
void twelve_bits(Row row, std::size_t width, Out out) {
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

template <class Number>
constexpr auto native_numbers = numbers<Number, Number, is_big_host>;

/// From native order to big-endian.
void to_big(Row row, std::size_t width, Out out) {
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

std::uint8_t reversed(std::uint8_t byte) {
  unsigned result = 0;
  for (unsigned i = 0; i < 8; ++i) result |= (byte >> i & 1U) << (7 - i);
  return static_cast<std::uint8_t>(result);
}

/// Samples a pixel without extra ones: RGB, YCbCr, CMYK, or one.
unsigned bands_of(std::uint64_t photometric) {
  if (photometric == 2 || photometric == 6) return 3;
  return photometric == 5 ? 4 : 1;
}

enum class Order { any, little, big };

struct LayoutRow {
  Order order;
  std::uint64_t photometric;
  std::uint64_t sample_format;
  std::string_view bits;   // of every sample
  std::string_view extra;  // the tag ExtraSamples
  bool may_reverse;
  TiffLayout layout;
};

constexpr auto any = Order::any;
constexpr auto little = Order::little;
constexpr auto big = Order::big;

// Where the high byte of 16 bits lies.
constexpr std::size_t high_first = 0;
constexpr std::size_t high_last = 1;

// PIL's table of what it opens. Its LAB is left out: turning it into RGB needs
// a colour management library.
constexpr std::array layouts{
    LayoutRow{any, 0, 1, "1", "", true, {{Mode::bilevel, 1, bits}, "1", true}},
    LayoutRow{any, 1, 1, "1", "", true, {{Mode::bilevel, 1, bits}, "1"}},
    LayoutRow{any, 0, 1, "2", "", true, {{Mode::l, 2, small<2, 85>}, "", true}},
    LayoutRow{any, 1, 1, "2", "", true, {{Mode::l, 2, small<2, 85>}, ""}},
    LayoutRow{any, 0, 1, "4", "", true, {{Mode::l, 4, small<4, 17>}, "", true}},
    LayoutRow{any, 1, 1, "4", "", true, {{Mode::l, 4, small<4, 17>}, ""}},
    LayoutRow{any, 0, 1, "8", "", true, {{Mode::l, 8, raw::copy_1}, "", true}},
    LayoutRow{any, 1, 1, "8", "", true, {{Mode::l, 8, raw::copy_1}, "L"}},
    LayoutRow{
        little, 1, 1, "12", "", false, {{Mode::i16, 12, twelve_bits}, ""}},
    LayoutRow{
        little,
        0,
        1,
        "16",
        "",
        false,
        {{Mode::i16, 16, numbers<std::uint16_t, std::uint16_t, false>}, ""}},
    LayoutRow{
        little,
        1,
        1,
        "16",
        "",
        true,
        {{Mode::i16, 16, numbers<std::uint16_t, std::uint16_t, false>}, ""}},
    LayoutRow{big, 1, 1, "16", "", false, {{Mode::i16b, 16, raw::copy_2}, ""}},
    LayoutRow{little,
              1,
              2,
              "16",
              "",
              false,
              {{Mode::i, 16, numbers<std::int16_t, std::int32_t, false>}, ""}},
    LayoutRow{big,
              1,
              2,
              "16",
              "",
              false,
              {{Mode::i, 16, numbers<std::int16_t, std::int32_t, true>}, ""}},
    LayoutRow{little,
              0,
              3,
              "32",
              "",
              false,
              {{Mode::f, 32, numbers<float, float, false>}, ""}},
    LayoutRow{big,
              0,
              3,
              "32",
              "",
              false,
              {{Mode::f, 32, numbers<float, float, true>}, ""}},
    LayoutRow{little,
              1,
              1,
              "32",
              "",
              false,
              {{Mode::i, 32, native_numbers<std::int32_t>}, ""}},
    LayoutRow{little,
              1,
              2,
              "32",
              "",
              false,
              {{Mode::i, 32, numbers<std::int32_t, std::int32_t, false>}, ""}},
    LayoutRow{big,
              1,
              2,
              "32",
              "",
              false,
              {{Mode::i, 32, numbers<std::int32_t, std::int32_t, true>}, ""}},
    LayoutRow{little,
              1,
              3,
              "32",
              "",
              false,
              {{Mode::f, 32, numbers<float, float, false>}, ""}},
    LayoutRow{big,
              1,
              3,
              "32",
              "",
              false,
              {{Mode::f, 32, numbers<float, float, true>}, ""}},
    LayoutRow{any, 1, 1, "8,8", "2", false, {{Mode::la, 16, raw::copy_2}, ""}},
    LayoutRow{
        any, 2, 1, "8,8,8", "", true, {{Mode::rgb, 24, raw::copy_3}, "RGB"}},
    LayoutRow{any,
              2,
              1,
              "8,8,8,8",
              "",
              false,
              {{Mode::rgba, 32, raw::copy_4}, "RGBA"}},
    LayoutRow{any,
              2,
              1,
              "8,8,8,8",
              "0",
              false,
              {{Mode::rgbx, 32, raw::copy_4}, "RGBX"}},
    LayoutRow{any,
              2,
              1,
              "8,8,8,8,8",
              "0,0",
              false,
              {{Mode::rgbx, 40, first_samples<4, 5>}, "RGBX"}},
    LayoutRow{any,
              2,
              1,
              "8,8,8,8,8,8",
              "0,0,0",
              false,
              {{Mode::rgbx, 48, first_samples<4, 6>}, "RGBX"}},
    LayoutRow{any,
              2,
              1,
              "8,8,8,8",
              "1",
              false,
              {{Mode::rgba, 32, premultiplied<4>}, "RGB"}},
    LayoutRow{any,
              2,
              1,
              "8,8,8,8,8",
              "1,0",
              false,
              {{Mode::rgba, 40, premultiplied<5>}, "RGB"}},
    LayoutRow{any,
              2,
              1,
              "8,8,8,8,8,8",
              "1,0,0",
              false,
              {{Mode::rgba, 48, premultiplied<6>}, "RGB"}},
    LayoutRow{any,
              2,
              1,
              "8,8,8,8",
              "2",
              false,
              {{Mode::rgba, 32, raw::copy_4}, "RGBA"}},
    LayoutRow{any,
              2,
              1,
              "8,8,8,8,8",
              "2,0",
              false,
              {{Mode::rgba, 40, first_samples<4, 5>}, "RGBA"}},
    LayoutRow{any,
              2,
              1,
              "8,8,8,8,8,8",
              "2,0,0",
              false,
              {{Mode::rgba, 48, first_samples<4, 6>}, "RGBA"}},
    LayoutRow{any,
              2,
              1,
              "8,8,8,8",
              "999",
              false,
              {{Mode::rgba, 32, raw::copy_4}, "RGBA"}},
    LayoutRow{little,
              2,
              1,
              "16,16,16",
              "",
              false,
              {{Mode::rgb, 48, first_samples<3, 3, 2, high_last>}, "RGB"}},
    LayoutRow{big,
              2,
              1,
              "16,16,16",
              "",
              false,
              {{Mode::rgb, 48, first_samples<3, 3, 2, high_first>}, "RGB"}},
    LayoutRow{little,
              2,
              1,
              "16,16,16,16",
              "",
              false,
              {{Mode::rgba, 64, first_samples<4, 4, 2, high_last>}, "RGBA"}},
    LayoutRow{big,
              2,
              1,
              "16,16,16,16",
              "",
              false,
              {{Mode::rgba, 64, first_samples<4, 4, 2, high_first>}, "RGBA"}},
    LayoutRow{little,
              2,
              1,
              "16,16,16,16",
              "0",
              false,
              {{Mode::rgbx, 64, first_samples<4, 4, 2, high_last>}, "RGBX"}},
    LayoutRow{big,
              2,
              1,
              "16,16,16,16",
              "0",
              false,
              {{Mode::rgbx, 64, first_samples<4, 4, 2, high_first>}, "RGBX"}},
    LayoutRow{little,
              2,
              1,
              "16,16,16,16",
              "1",
              false,
              {{Mode::rgba, 64, premultiplied<4, 2, high_last>}, "RGB"}},
    LayoutRow{big,
              2,
              1,
              "16,16,16,16",
              "1",
              false,
              {{Mode::rgba, 64, premultiplied<4, 2, high_first>}, "RGB"}},
    LayoutRow{little,
              2,
              1,
              "16,16,16,16",
              "2",
              false,
              {{Mode::rgba, 64, first_samples<4, 4, 2, high_last>}, "RGBA"}},
    LayoutRow{big,
              2,
              1,
              "16,16,16,16",
              "2",
              false,
              {{Mode::rgba, 64, first_samples<4, 4, 2, high_first>}, "RGBA"}},
    LayoutRow{any, 3, 1, "1", "", false, {{Mode::p, 1, raw::index_1}, ""}},
    LayoutRow{any, 3, 1, "2", "", false, {{Mode::p, 2, small<2, 1>}, ""}},
    LayoutRow{any, 3, 1, "4", "", false, {{Mode::p, 4, raw::index_4}, ""}},
    LayoutRow{any, 3, 1, "8", "", true, {{Mode::p, 8, raw::copy_1}, "P"}},
    LayoutRow{any, 3, 1, "8,8", "2", false, {{Mode::pa, 16, raw::copy_2}, ""}},
    LayoutRow{any,
              5,
              1,
              "8,8,8,8",
              "",
              false,
              {{Mode::cmyk, 32, raw::copy_4}, "CMYK"}},
    LayoutRow{any,
              5,
              1,
              "8,8,8,8,8",
              "0",
              false,
              {{Mode::cmyk, 40, first_samples<4, 5>}, "CMYK"}},
    LayoutRow{any,
              5,
              1,
              "8,8,8,8,8,8",
              "0,0",
              false,
              {{Mode::cmyk, 48, first_samples<4, 6>}, "CMYK"}},
    LayoutRow{little,
              5,
              1,
              "16,16,16,16",
              "",
              false,
              {{Mode::cmyk, 64, first_samples<4, 4, 2, high_last>}, "CMYK"}},
    // What libtiff hands out for YCbCr; PIL takes uncompressed ones for it too.
    LayoutRow{any,
              6,
              1,
              "8,8,8",
              "",
              false,
              {{Mode::rgb, 32, first_samples<3, 4>}, ""}},
};

/// What the table is searched for.
struct Key {
  Order order;
  std::uint64_t photometric;
  std::uint64_t sample_format;
  std::string bits;
  std::string extra;
  bool is_reversed;
};

const LayoutRow* find_layout(const Key& key) {
  for (const auto& row : layouts)
    if ((row.order == Order::any || row.order == key.order) &&
        row.photometric == key.photometric &&
        row.sample_format == key.sample_format && row.bits == key.bits &&
        row.extra == key.extra && (row.may_reverse || !key.is_reversed))
      return &row;
  return nullptr;
}

using Numbers = std::vector<std::uint64_t>;

/// Bits of every sample, completed or cut to the number of samples.
Numbers sample_bits(const TiffDirectory& directory, std::uint64_t compression,
                    std::uint64_t photometric) {
  constexpr std::uint64_t most_samples = 6;
  const bool is_old_jpeg =
      compression == static_cast<std::uint64_t>(TiffCompression::old_jpeg) &&
      (photometric == 2 || photometric == 6);
  auto bits = directory.numbers(TiffTag::bits_per_sample).value_or(Numbers{1});
  const auto samples =
      directory.number_or(TiffTag::samples_per_pixel, is_old_jpeg ? 3 : 1);
  if (samples > most_samples)
    fail(ErrorKind::unsupported, "{} samples a pixel", samples);
  if (bits.size() == 1 || bits.size() > samples) bits.resize(samples, bits[0]);
  if (bits.size() != samples)
    fail(ErrorKind::corrupt, "{} samples a pixel, bits of {}", samples,
         bits.size());
  return bits;
}

/// One number when every sample is of format 1; a list otherwise matches none.
std::uint64_t sample_format(const TiffDirectory& directory) {
  const auto formats =
      directory.numbers(TiffTag::sample_format).value_or(Numbers{1});
  if (std::ranges::all_of(formats, [](auto f) { return f == 1; })) return 1;
  return formats.size() == 1 ? formats[0] : 0;
}

/// libtiff undoes fill orders and gives 16-bit samples in the host's order.
TiffLayout library_layout(Key key, const TiffLayout& stored) {
  if (stored.raw.mode == Mode::i16b) return {{Mode::i16b, 16, to_big}, ""};
  key.is_reversed = false;
  if (key.bits.find("16") != std::string::npos)
    key.order = is_big_host ? Order::big : Order::little;
  const auto* row = find_layout(key);
  return row ? row->layout : stored;
}

}  // namespace

TiffHeader read_tiff_header(const TiffDirectory& directory) {
  if (directory.has(TiffTag::windows_media_photo))
    fail(ErrorKind::unsupported, "Windows Media Photo");
  TiffHeader header{};
  header.compression = directory.number_or(TiffTag::compression, 1);
  const bool is_raw =
      header.compression == static_cast<std::uint64_t>(TiffCompression::none);
  header.photometric = directory.number_or(TiffTag::photometric, 0);
  if (header.compression ==
      static_cast<std::uint64_t>(TiffCompression::old_jpeg))
    header.photometric = 6;
  header.is_planar = directory.number_or(TiffTag::planar_configuration, 1) == 2;
  header.width = directory.number_or(TiffTag::image_width, 0);
  header.height = directory.number_or(TiffTag::image_length, 0);

  const auto bits =
      sample_bits(directory, header.compression, header.photometric);
  const auto extra =
      directory.numbers(TiffTag::extra_samples).value_or(Numbers{});
  const auto fill_order = directory.number_or(TiffTag::fill_order, 1);
  const Key key{directory.is_big_endian() ? Order::big : Order::little,
                header.photometric,
                sample_format(directory),
                fmt::format("{}", fmt::join(bits, ",")),
                fmt::format("{}", fmt::join(extra, ",")),
                fill_order == 2};
  const auto* row =
      fill_order == 1 || fill_order == 2 ? find_layout(key) : nullptr;
  if (!row)
    fail(ErrorKind::unsupported,
         "photometric {}, sample format {}, bits {}, extra samples '{}'",
         key.photometric, key.sample_format, key.bits, key.extra);
  header.bits_per_pixel = static_cast<unsigned>(
      std::accumulate(bits.begin(), bits.end(), std::uint64_t{0}));
  header.bands =
      bands_of(header.photometric) + static_cast<unsigned>(extra.size());
  header.layout = is_raw ? row->layout : library_layout(key, row->layout);
  header.layout.is_reversed = is_raw && key.is_reversed;
  if (!is_raw && header.photometric == 6 && !header.is_planar &&
      header.compression == static_cast<std::uint64_t>(TiffCompression::jpeg))
    header.layout.raw = {Mode::rgb, 24, raw::copy_3};
  return header;
}

void divide_by_alpha(std::uint8_t* pixel) {
  const unsigned alpha = pixel[3];
  for (std::size_t c = 0; c < 3; ++c)
    pixel[c] = alpha == 0 ? std::uint8_t{0}
                          : static_cast<std::uint8_t>(
                                std::min(pixel[c] * 255U / alpha, 255U));
}

void unpack_tiff_row(const TiffLayout& layout, const std::uint8_t* row,
                     std::size_t width, std::uint8_t* out) {
  if (!layout.is_inverted && !layout.is_reversed)
    return layout.raw.unpack(row, width, out);
  std::vector<std::uint8_t> turned(row, row + layout.raw.row_bytes(width));
  for (auto& byte : turned) {
    if (layout.is_reversed) byte = reversed(byte);
    if (layout.is_inverted) byte = static_cast<std::uint8_t>(~byte);
  }
  layout.raw.unpack(turned.data(), width, out);
}

}  // namespace igrot
