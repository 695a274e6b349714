#include "image/tiff_layout.h"

#include <algorithm>
#include <numeric>
#include <string>

#include <fmt/ranges.h>

#include "image/tiff_samples.h"

namespace igrot {
namespace {

using namespace tiff_samples;

std::uint8_t reversed(std::uint8_t byte) {
  unsigned result = 0;
  for (unsigned i = 0; i < 8; ++i) result |= (byte >> i & 1U) << (7 - i);
  return static_cast<std::uint8_t>(result);
}

enum class Order { any, little, big };

/// Whether bits may also be stored in reverse (fill order 2).
enum class Fill { plain, either };

struct LayoutRow {
  std::uint64_t photometric;
  std::string_view bits;   // of every sample
  std::string_view extra;  // the tag ExtraSamples
  RawLayout raw;
  std::string_view bands = "";
  Order order = Order::any;
  std::uint64_t sample_format = 1;
  Fill fill = Fill::plain;
};

constexpr auto any = Order::any;
constexpr auto little = Order::little;
constexpr auto big = Order::big;
constexpr auto either = Fill::either;

// Values of the tags Photometric and SampleFormat.
constexpr std::uint64_t white_is_0 = 0;
constexpr std::uint64_t black_is_0 = 1;
constexpr std::uint64_t rgb = 2;
constexpr std::uint64_t palette = 3;
constexpr std::uint64_t inks = 5;
constexpr std::uint64_t ycbcr = 6;
constexpr std::uint64_t is_signed = 2;
constexpr std::uint64_t is_float = 3;

/// Samples a pixel without extra ones: RGB, YCbCr, CMYK, or one.
unsigned bands_of(std::uint64_t photometric) {
  if (photometric == rgb || photometric == ycbcr) return 3;
  return photometric == inks ? 4 : 1;
}

constexpr RawLayout gray_1{Mode::bilevel, 1, bits};
constexpr RawLayout gray_2{Mode::l, 2, small<2, 85>};
constexpr RawLayout gray_4{Mode::l, 4, small<4, 17>};
constexpr RawLayout gray_8{Mode::l, 8, raw::copy_1};
constexpr RawLayout gray_12{Mode::i16, 12, twelve_bits};
constexpr RawLayout gray_16{Mode::i16, 16,
                            numbers<std::uint16_t, std::uint16_t, false>};
constexpr RawLayout gray_16_big{Mode::i16b, 16, raw::copy_2};
constexpr RawLayout gray_16_native{Mode::i16b, 16, to_big};
constexpr RawLayout gray_alpha{Mode::la, 16, raw::copy_2};
template <bool BigEndian>
constexpr RawLayout int_16{Mode::i, 16,
                           numbers<std::int16_t, std::int32_t, BigEndian>};
template <bool BigEndian>
constexpr RawLayout int_32{Mode::i, 32,
                           numbers<std::int32_t, std::int32_t, BigEndian>};
template <bool BigEndian>
constexpr RawLayout float_32{Mode::f, 32, numbers<float, float, BigEndian>};
constexpr RawLayout index_1{Mode::p, 1, small<1, 1>};
constexpr RawLayout index_2{Mode::p, 2, small<2, 1>};
constexpr RawLayout index_4{Mode::p, 4, small<4, 1>};
constexpr RawLayout index_8{Mode::p, 8, raw::copy_1};
constexpr RawLayout index_alpha{Mode::pa, 16, raw::copy_2};
constexpr RawLayout rgb_8{Mode::rgb, 24, raw::copy_3};
constexpr RawLayout rgb_of_four{Mode::rgb, 32, first_samples<3, 4>};

/// Four channels of 8 bits, and some more samples that are dropped.
template <Mode M, std::size_t Stored = 4>
constexpr RawLayout four{M, 8 * Stored, first_samples<4, Stored>};
template <Mode M>
constexpr RawLayout four<M, 4>{M, 32, raw::copy_4};
template <std::size_t Stored>
constexpr RawLayout premultiplied_8{Mode::rgba, 8 * Stored,
                                    premultiplied<Stored>};

/// Channels of 16 bits; `High`: where the high byte lies.
constexpr std::size_t in_little = 1;
constexpr std::size_t in_big = 0;
template <std::size_t High>
constexpr RawLayout rgb_16{Mode::rgb, 48, first_samples<3, 3, 2, High>};
template <Mode M, std::size_t High>
constexpr RawLayout four_16{M, 64, first_samples<4, 4, 2, High>};
template <std::size_t High>
constexpr RawLayout premultiplied_16{Mode::rgba, 64, premultiplied<4, 2, High>};

constexpr auto rgba = Mode::rgba;
constexpr auto rgbx = Mode::rgbx;
constexpr auto cmyk = Mode::cmyk;

// PIL's table of what it opens. Its LAB is left out: turning it into RGB needs
// a colour management library. Extra samples: 0 means nothing, 1 is alpha that
// colours were multiplied by, 2 is alpha, 999 is Corel's.
constexpr std::array layouts{
    LayoutRow{white_is_0, "1", "", gray_1, "1", any, 1, either},
    LayoutRow{black_is_0, "1", "", gray_1, "1", any, 1, either},
    LayoutRow{white_is_0, "2", "", gray_2, "", any, 1, either},
    LayoutRow{black_is_0, "2", "", gray_2, "", any, 1, either},
    LayoutRow{white_is_0, "4", "", gray_4, "", any, 1, either},
    LayoutRow{black_is_0, "4", "", gray_4, "", any, 1, either},
    LayoutRow{white_is_0, "8", "", gray_8, "", any, 1, either},
    LayoutRow{black_is_0, "8", "", gray_8, "L", any, 1, either},
    LayoutRow{black_is_0, "12", "", gray_12, "", little},
    LayoutRow{white_is_0, "16", "", gray_16, "", little},
    LayoutRow{black_is_0, "16", "", gray_16, "", little, 1, either},
    LayoutRow{black_is_0, "16", "", gray_16_big, "", big},
    LayoutRow{black_is_0, "16", "", int_16<false>, "", little, is_signed},
    LayoutRow{black_is_0, "16", "", int_16<true>, "", big, is_signed},
    LayoutRow{white_is_0, "32", "", float_32<false>, "", little, is_float},
    LayoutRow{white_is_0, "32", "", float_32<true>, "", big, is_float},
    LayoutRow{black_is_0, "32", "", int_32<is_big_host>, "", little},
    LayoutRow{black_is_0, "32", "", int_32<false>, "", little, is_signed},
    LayoutRow{black_is_0, "32", "", int_32<true>, "", big, is_signed},
    LayoutRow{black_is_0, "32", "", float_32<false>, "", little, is_float},
    LayoutRow{black_is_0, "32", "", float_32<true>, "", big, is_float},
    LayoutRow{black_is_0, "8,8", "2", gray_alpha},
    LayoutRow{rgb, "8,8,8", "", rgb_8, "RGB", any, 1, either},
    LayoutRow{rgb, "8,8,8,8", "", four<rgba>, "RGBA"},
    LayoutRow{rgb, "8,8,8,8", "0", four<rgbx>, "RGBX"},
    LayoutRow{rgb, "8,8,8,8,8", "0,0", four<rgbx, 5>, "RGBX"},
    LayoutRow{rgb, "8,8,8,8,8,8", "0,0,0", four<rgbx, 6>, "RGBX"},
    LayoutRow{rgb, "8,8,8,8", "1", premultiplied_8<4>, "RGB"},
    LayoutRow{rgb, "8,8,8,8,8", "1,0", premultiplied_8<5>, "RGB"},
    LayoutRow{rgb, "8,8,8,8,8,8", "1,0,0", premultiplied_8<6>, "RGB"},
    LayoutRow{rgb, "8,8,8,8", "2", four<rgba>, "RGBA"},
    LayoutRow{rgb, "8,8,8,8,8", "2,0", four<rgba, 5>, "RGBA"},
    LayoutRow{rgb, "8,8,8,8,8,8", "2,0,0", four<rgba, 6>, "RGBA"},
    LayoutRow{rgb, "8,8,8,8", "999", four<rgba>, "RGBA"},
    LayoutRow{rgb, "16,16,16", "", rgb_16<in_little>, "RGB", little},
    LayoutRow{rgb, "16,16,16", "", rgb_16<in_big>, "RGB", big},
    LayoutRow{rgb, "16,16,16,16", "", four_16<rgba, in_little>, "RGBA", little},
    LayoutRow{rgb, "16,16,16,16", "", four_16<rgba, in_big>, "RGBA", big},
    LayoutRow{rgb, "16,16,16,16", "0", four_16<rgbx, in_little>, "RGBX",
              little},
    LayoutRow{rgb, "16,16,16,16", "0", four_16<rgbx, in_big>, "RGBX", big},
    LayoutRow{rgb, "16,16,16,16", "1", premultiplied_16<in_little>, "RGB",
              little},
    LayoutRow{rgb, "16,16,16,16", "1", premultiplied_16<in_big>, "RGB", big},
    LayoutRow{rgb, "16,16,16,16", "2", four_16<rgba, in_little>, "RGBA",
              little},
    LayoutRow{rgb, "16,16,16,16", "2", four_16<rgba, in_big>, "RGBA", big},
    LayoutRow{palette, "1", "", index_1},
    LayoutRow{palette, "2", "", index_2},
    LayoutRow{palette, "4", "", index_4},
    LayoutRow{palette, "8", "", index_8, "P", any, 1, either},
    LayoutRow{palette, "8,8", "2", index_alpha},
    LayoutRow{inks, "8,8,8,8", "", four<cmyk>, "CMYK"},
    LayoutRow{inks, "8,8,8,8,8", "0", four<cmyk, 5>, "CMYK"},
    LayoutRow{inks, "8,8,8,8,8,8", "0,0", four<cmyk, 6>, "CMYK"},
    LayoutRow{inks, "16,16,16,16", "", four_16<cmyk, in_little>, "CMYK",
              little},
    // What libtiff hands out; PIL takes uncompressed ones for it too.
    LayoutRow{ycbcr, "8,8,8", "", rgb_of_four},
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
        row.extra == key.extra &&
        (row.fill == Fill::either || !key.is_reversed))
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
RawLayout library_layout(Key key, const RawLayout& stored) {
  if (stored.mode == Mode::i16b) return gray_16_native;
  key.is_reversed = false;
  if (key.bits.find("16") != std::string::npos)
    key.order = is_big_host ? Order::big : Order::little;
  const auto* row = find_layout(key);
  return row ? row->raw : stored;
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
  const bool is_gray =
      row->raw.mode == Mode::bilevel || row->raw.mode == Mode::l;
  header.layout.raw = is_raw ? row->raw : library_layout(key, row->raw);
  header.layout.bands = row->bands;
  header.layout.is_inverted = is_gray && row->photometric == white_is_0;
  header.layout.is_reversed = is_raw && key.is_reversed;
  if (!is_raw && header.photometric == 6 && !header.is_planar &&
      header.compression == static_cast<std::uint64_t>(TiffCompression::jpeg))
    header.layout.raw = rgb_8;
  return header;
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
