// PNG as PIL 9.4 reads it: which chunks are checked, and what is accepted when
// data are missing, follow its reader rather than the specification, so the
// chunks are ours and only inflating is zlib's.
#include <algorithm>

#include "image/decoder.h"
#include "image/exif.h"
#include "image/png_chunks.h"
#include "image/png_rows.h"

namespace igrot {
namespace {

struct LayoutRow {
  unsigned depth;
  unsigned colour;
  PngLayout layout;
};

using enum PngPixel;

constexpr std::array layouts{
    LayoutRow{1, 0, {Mode::bilevel, 1, bits}},
    LayoutRow{2, 0, {Mode::l, 2, scaled}},
    LayoutRow{4, 0, {Mode::l, 4, scaled}},
    LayoutRow{8, 0, {Mode::l, 8, same}},
    LayoutRow{16, 0, {Mode::i, 16, wide}},
    LayoutRow{8, 2, {Mode::rgb, 24, same}},
    LayoutRow{16, 2, {Mode::rgb, 48, high_bytes}},
    LayoutRow{1, 3, {Mode::p, 1, index}},
    LayoutRow{2, 3, {Mode::p, 2, index}},
    LayoutRow{4, 3, {Mode::p, 4, index}},
    LayoutRow{8, 3, {Mode::p, 8, same}},
    LayoutRow{8, 4, {Mode::la, 16, same}},
    LayoutRow{16, 4, {Mode::rgba, 32, gray_alpha_high_bytes}},
    LayoutRow{8, 6, {Mode::rgba, 32, same}},
    LayoutRow{16, 6, {Mode::rgba, 64, high_bytes}},
};

const PngLayout& layout_of(const PngHeader& header) {
  for (const auto& row : layouts)
    if (row.depth == header.depth && row.colour == header.colour)
      return row.layout;
  fail(ErrorKind::corrupt, "no PNG has {} bits a sample in colour type {}",
       header.depth, header.colour);
}

/// Samples of 16 bits take twice the bytes, and the time, of what becomes of
/// them.
void check_stored_size(const PngHeader& header, const PngLayout& layout,
                       const OpenOptions& options) {
  const auto size =
      (std::uint64_t{header.width} * layout.bits + 7) / 8 * header.height;
  if (size > options.pixel_bytes_limit)
    fail(ErrorKind::unsupported,
         "{} x {} pixels of {} bits are {} bytes, more than the limit of {}",
         header.width, header.height, layout.bits, size,
         options.pixel_bytes_limit);
}

void set_palette(const PngHeader& header, ImageParts& parts) {
  auto& palette = parts.palette.emplace();
  if (header.palette.size() > 3 * palette.colors.size())
    fail(ErrorKind::corrupt, "the palette has {} bytes, at most 768 expected",
         header.palette.size());
  const auto* source = bytes_of(header.palette);
  for (std::size_t i = 0; i < header.palette.size() / 3; ++i)
    std::copy_n(source + 3 * i, 3, palette.colors[i].begin());
  const auto count = std::min<std::size_t>(header.transparency.size(), 256);
  std::copy_n(bytes_of(header.transparency), count, palette.alphas.begin());
}

/// tRNS as one colour, in the numbers the decoded pixels have.
void set_transparent(const PngHeader& header, ImageParts& parts) {
  if (parts.mode == Mode::la || parts.mode == Mode::rgba) return;
  const std::size_t count = parts.mode == Mode::rgb ? 3 : 1;
  if (header.transparency.size() < 2 * count) return;
  auto& key = parts.transparent.emplace();
  for (std::size_t i = 0; i < count; ++i)
    key[i] = load_big<std::uint16_t>(header.transparency.subspan(2 * i));
  if (parts.mode == Mode::l && header.depth < 8)
    key[0] = static_cast<std::uint16_t>(key[0] * (header.depth == 2 ? 85 : 17));
  if (parts.mode == Mode::rgb && header.depth == 16)
    for (auto& value : key) value = static_cast<std::uint16_t>(value >> 8);
}

}  // namespace

bool is_png(Bytes file) {
  return starts_with(file, "\x89PNG\r\n\x1A\n");
}

Decoded decode_png(Bytes file, const OpenOptions& options) {
  PngChunks chunks(file.subspan(8));
  auto header = read_png_header(chunks);
  const auto& layout = layout_of(header);
  check_size(layout.mode, header.width, header.height, options);
  check_stored_size(header, layout, options);
  if (!header.has_data) fail(ErrorKind::corrupt, "there are no pixels in it");

  Decoded decoded;
  decoded.parts = blank(layout.mode, header.width, header.height);
  if (layout.mode == Mode::p)
    set_palette(header, decoded.parts);
  else
    set_transparent(header, decoded.parts);
  read_png_rows(chunks, header, layout, decoded.parts);
  read_png_trailer(chunks, header);
  if (header.exif) decoded.orientation = exif_orientation(*header.exif);
  if (options.icc == Icc::apply) decoded.profile = unfolded_profile(header);
  return decoded;
}

}  // namespace igrot
