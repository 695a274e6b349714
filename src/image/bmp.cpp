// BMP, and DIB (the same without a file header), as PIL 9.4 reads them. Field
// names are those of Microsoft's BITMAPINFOHEADER.
#include <algorithm>

#include "image/bmp_rle.h"
#include "image/decoder.h"
#include "image/raw_rows.h"

namespace igrot {
namespace {

constexpr std::uint32_t no_compression = 0;
constexpr std::uint32_t rle_8 = 1;
constexpr std::uint32_t rle_4 = 2;
constexpr std::uint32_t bitfields = 3;

constexpr std::uint32_t os2_header_bytes = 12;
constexpr std::array header_sizes{40U, 64U, 108U, 124U};

using Masks = std::array<std::uint32_t, 4>;  // red, green, blue, alpha

struct Header {
  std::uint32_t size = 0;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  bool top_down = false;
  unsigned bits = 0;
  std::uint32_t compression = no_compression;
  std::uint64_t colours = 0;
  std::uint32_t palette_entry_bytes = 4;
  Masks masks{};
};

struct LayoutRow {
  unsigned bits;
  RawLayout layout;
};

constexpr std::array layouts{
    LayoutRow{1, {Mode::p, 1, raw::index_1}},
    LayoutRow{4, {Mode::p, 4, raw::index_4}},
    LayoutRow{8, {Mode::p, 8, raw::copy_1}},
    LayoutRow{16, {Mode::rgb, 16, raw::bgr_555}},
    LayoutRow{24, {Mode::rgb, 24, raw::bgr}},
    LayoutRow{32, {Mode::rgb, 32, raw::bgrx}},
};

struct MaskRow {
  unsigned bits;
  Masks masks;
  RawLayout layout;
};

constexpr std::array mask_layouts{
    MaskRow{32, {0xFF0000, 0xFF00, 0xFF, 0x0}, {Mode::rgb, 32, raw::bgrx}},
    MaskRow{
        32, {0xFF000000, 0xFF0000, 0xFF00, 0x0}, {Mode::rgb, 32, raw::xbgr}},
    MaskRow{
        32, {0xFF000000, 0xFF0000, 0xFF00, 0xFF}, {Mode::rgba, 32, raw::abgr}},
    MaskRow{32,
            {0xFF, 0xFF00, 0xFF0000, 0xFF000000},
            {Mode::rgba, 32, raw::copy_4}},
    MaskRow{
        32, {0xFF0000, 0xFF00, 0xFF, 0xFF000000}, {Mode::rgba, 32, raw::bgra}},
    MaskRow{32, {0x0, 0x0, 0x0, 0x0}, {Mode::rgba, 32, raw::bgra}},
    MaskRow{24, {0xFF0000, 0xFF00, 0xFF, 0x0}, {Mode::rgb, 24, raw::bgr}},
    MaskRow{16, {0xF800, 0x7E0, 0x1F, 0x0}, {Mode::rgb, 16, raw::bgr_565}},
    MaskRow{16, {0x7C00, 0x3E0, 0x1F, 0x0}, {Mode::rgb, 16, raw::bgr_555}},
};

void read_os2_header(Bytes data, Header& header) {
  header.width = load_little<std::uint16_t>(data);
  header.height = load_little<std::uint16_t>(data.subspan(2));
  header.bits = load_little<std::uint16_t>(data.subspan(6));
  header.palette_entry_bytes = 3;
}

void read_windows_header(Bytes data, ByteReader& reader, Header& header) {
  const auto number = [&](std::size_t at) {
    return load_little<std::uint32_t>(data.subspan(at));
  };
  header.width = number(0);
  header.top_down = data[7] == std::byte{0xFF};
  header.height = header.top_down ? 0U - number(4) : number(4);
  header.bits = load_little<std::uint16_t>(data.subspan(10));
  header.compression = number(12);
  header.colours = number(28);
  if (header.compression != bitfields) return;
  // The older header is followed by three masks; the newer ones hold four.
  if (data.size() >= 52)
    for (std::size_t i = 0; i < 4; ++i) header.masks[i] = number(36 + 4 * i);
  else
    for (std::size_t i = 0; i < 3; ++i)
      header.masks[i] = reader.little<std::uint32_t>();
}

Header read_header(ByteReader& reader) {
  Header header;
  header.size = reader.little<std::uint32_t>();
  const bool is_windows =
      std::ranges::find(header_sizes, header.size) != header_sizes.end();
  if (!is_windows && header.size != os2_header_bytes)
    fail(ErrorKind::unsupported, "a header of {} bytes", header.size);
  const auto data = reader.take(header.size - 4);
  if (is_windows)
    read_windows_header(data, reader, header);
  else
    read_os2_header(data, header);
  return header;
}

RawLayout layout_of(const Header& header) {
  if (header.compression == bitfields) {
    auto masks = header.masks;
    if (header.bits != 32) masks[3] = 0;
    for (const auto& row : mask_layouts)
      if (row.bits == header.bits && row.masks == masks) return row.layout;
    fail(ErrorKind::unsupported, "bit masks {:x}, {:x}, {:x}, {:x} of {} bits",
         masks[0], masks[1], masks[2], masks[3], header.bits);
  }
  if (header.compression > bitfields)
    fail(ErrorKind::unsupported, "compression {}", header.compression);
  for (const auto& row : layouts)
    if (row.bits == header.bits) return row.layout;
  fail(ErrorKind::unsupported, "{} bits a pixel", header.bits);
}

/// Whether the palette only says that every number is its own gray; with two
/// entries, that they are black and white.
bool is_gray_ramp(Bytes palette, const Header& header) {
  for (std::size_t i = 0; i < header.colours; ++i) {
    const auto at = i * header.palette_entry_bytes;
    const auto gray =
        static_cast<std::byte>(header.colours == 2 ? i * 255 : i & 255);
    if (at + 3 > palette.size()) return false;
    for (std::size_t c = 0; c < 3; ++c)
      if (palette[at + c] != gray) return false;
  }
  return true;
}

Palette palette_of(Bytes data, std::size_t entry_bytes) {
  Palette palette;
  const auto count = data.size() / entry_bytes;
  if (count > palette.colors.size())
    fail(ErrorKind::corrupt, "a palette of {} entries, at most 256 expected",
         count);
  const auto* source = bytes_of(data);
  for (std::size_t i = 0; i < count; ++i)
    std::reverse_copy(source + i * entry_bytes, source + i * entry_bytes + 3,
                      palette.colors[i].begin());
  return palette;
}

/// Reads the palette. One that is a gray ramp changes the mode, and with it how
/// many bits PIL then takes for a pixel.
std::optional<Palette> read_palette(ByteReader& reader, const Header& header,
                                    RawLayout& layout) {
  if (header.colours == 0 || header.colours > 65536)
    fail(ErrorKind::corrupt, "a palette of {} entries", header.colours);
  const auto data = reader.take(std::min<std::uint64_t>(
      header.palette_entry_bytes * header.colours, reader.left()));
  if (!is_gray_ramp(data, header))
    return palette_of(data, header.palette_entry_bytes);
  layout = header.colours == 2 ? RawLayout{Mode::bilevel, 1, raw::copy_bits}
                               : RawLayout{Mode::l, 8, raw::copy_1};
  return std::nullopt;
}

void read_pixels(Bytes file, std::uint64_t offset, const Header& header,
                 const RawLayout& layout, ImageParts& parts) {
  const auto data = file.subspan(
      static_cast<std::size_t>(std::min<std::uint64_t>(offset, file.size())));
  if (header.compression == rle_8 || header.compression == rle_4) {
    if (layout.mode != Mode::p && layout.mode != Mode::l)
      fail(ErrorKind::corrupt, "run lengths of mode {}",
           describe(layout.mode).name);
    const auto indices =
        unpack_bmp_runs(data, offset, parts.width, parts.height,
                        header.compression == rle_4 ? 4 : 8);
    return read_raw_rows(indices, {parts.mode, 8, raw::copy_1},
                         {0, !header.top_down}, parts);
  }
  const auto stride =
      (std::uint64_t{header.width} * header.bits + 31) >> 3 & ~std::uint64_t{3};
  read_raw_rows(data, layout, {stride, !header.top_down}, parts);
}

/// reader: at the header. offset: of the pixels; 0: right after the palette.
Decoded decode(Bytes file, ByteReader reader, std::uint64_t offset,
               const OpenOptions& options) {
  constexpr std::uint64_t file_header_bytes = 14;
  auto header = read_header(reader);
  auto layout = layout_of(header);
  if (header.colours == 0) header.colours = std::uint64_t{1} << header.bits;
  if (offset == file_header_bytes + header.size && header.bits <= 8)
    offset += 4 * header.colours;
  std::optional<Palette> palette;
  if (layout.mode == Mode::p) palette = read_palette(reader, header, layout);
  check_size(layout.mode, header.width, header.height, options);
  Decoded decoded;
  decoded.parts = blank(layout.mode, header.width, header.height);
  decoded.parts.palette = std::move(palette);
  read_pixels(file, offset ? offset : reader.offset(), header, layout,
              decoded.parts);
  return decoded;
}

}  // namespace

bool is_bmp(Bytes file) {
  return starts_with(file, "BM");
}

bool is_dib(Bytes file) {
  if (file.size() < 4) return false;
  const auto size = load_little<std::uint32_t>(file);
  return size == os2_header_bytes ||
         std::ranges::find(header_sizes, size) != header_sizes.end();
}

Decoded decode_bmp(Bytes file, const OpenOptions& options) {
  ByteReader reader(file, "header");
  const auto start = reader.take(14);
  return decode(file, reader, load_little<std::uint32_t>(start.subspan(10)),
                options);
}

Decoded decode_dib(Bytes file, const OpenOptions& options) {
  return decode(file, ByteReader(file, "header"), 0, options);
}

}  // namespace igrot
