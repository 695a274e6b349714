#include <algorithm>

#include "image/decoder.h"
#include "image/tiff_rows.h"

namespace igrot {
namespace {

// PIL paints strips that are listed beyond the picture's end over its first
// ones; this bounds how often.
constexpr std::size_t layer_limit = 64;
constexpr std::size_t tile_limit = 1 << 22;

/// A strip or tile: where its data begin and which pixels they are.
struct Tile {
  std::uint64_t offset;
  std::uint64_t x, y, right, bottom;
  std::uint64_t stride;  // 0: no gaps
  std::size_t layer;     // of samples stored apart

  bool is_same_place(const Tile& other) const {
    return x == other.x && y == other.y && right == other.right &&
           bottom == other.bottom && stride == other.stride &&
           layer == other.layer;
  }
};

struct TileSize {
  std::uint64_t width;
  std::uint64_t height;
};

std::vector<std::uint64_t> tile_offsets(const TiffDirectory& directory) {
  const bool has_strips = directory.has(TiffTag::strip_offsets);
  const auto offsets = directory.numbers(has_strips ? TiffTag::strip_offsets
                                                    : TiffTag::tile_offsets);
  if (!offsets)
    fail(ErrorKind::corrupt, "it does not say where its pixels lie");
  return *offsets;
}

TileSize tile_size(const TiffDirectory& directory, const TiffHeader& header) {
  if (directory.has(TiffTag::strip_offsets))
    return {header.width,
            directory.number_or(TiffTag::rows_per_strip, header.height)};
  return {directory.number_or(TiffTag::tile_width, 0),
          directory.number_or(TiffTag::tile_length, 0)};
}

std::vector<Tile> read_tiles(const TiffDirectory& directory,
                             const TiffHeader& header) {
  const auto size = tile_size(directory, header);
  std::vector<Tile> tiles;
  std::uint64_t x = 0;
  std::uint64_t y = 0;
  std::size_t layer = 0;
  for (const auto offset : tile_offsets(directory)) {
    const bool reaches_out = size.width > header.width - x;
    auto stride = reaches_out ? size.width * header.bits_per_pixel / 8 : 0;
    if (header.is_planar) stride /= header.bands;
    tiles.push_back({offset, x, y, x + std::min(size.width, header.width - x),
                     y + std::min(size.height, header.height - y), stride,
                     header.is_planar ? layer : 0});
    if (tiles.size() > tile_limit)
      fail(ErrorKind::corrupt, "more than {} strips", tile_limit);
    x = tiles.back().right;
    if (x < header.width) continue;
    x = 0;
    y = tiles.back().bottom;
    if (y < header.height) continue;
    y = 0;
    if (++layer > layer_limit)
      fail(ErrorKind::corrupt, "its strips are listed over and over");
  }
  return tiles;
}

/// Puts tiles in the order of the file; of consecutive ones for the same place
/// PIL keeps the last.
void drop_repeated(std::vector<Tile>& tiles) {
  std::ranges::stable_sort(tiles, {}, &Tile::offset);
  std::vector<Tile> kept;
  for (const auto& tile : tiles) {
    if (!kept.empty() && kept.back().is_same_place(tile)) kept.pop_back();
    kept.push_back(tile);
  }
  tiles = std::move(kept);
}

/// Whether the stored bytes are the mode's own. PIL maps such pictures into
/// memory, and then takes a single strip for all of it.
bool is_mapped(const TiffHeader& header) {
  const auto& [layout, bands, is_inverted, is_reversed] = header.layout;
  if (is_inverted || is_reversed) return false;
  switch (layout.mode) {
    case Mode::l:
    case Mode::p:
      return layout.bits == 8;
    case Mode::i16:
    case Mode::i16b:
      return layout.bits == 16 && !header.is_planar;
    case Mode::rgba:
    case Mode::rgbx:
    case Mode::cmyk:
      return layout.unpack == raw::copy_4 && !header.is_planar;
    default:
      return false;
  }
}

/// The one strip of a mapped picture.
std::vector<Tile> mapped(Tile tile, Bytes file, const TiffHeader& header) {
  const auto size = checked_product(tile.stride, header.height, "strip");
  if (tile.offset <= file.size() && size <= file.size() - tile.offset)
    tile = {tile.offset, 0, 0, header.width, header.height, tile.stride, 0};
  return {tile};
}

/// A row of one band: PIL takes a byte a sample, whatever the bits.
void put_band(const std::uint8_t* row, std::size_t width, std::size_t band,
              std::size_t step, std::uint8_t* out) {
  for (std::size_t i = 0; i < width; ++i) out[i * step + band] = row[i];
}

void read_tile(Bytes file, const Tile& tile, const TiffHeader& header,
               TiffCanvas& canvas) {
  if (tile.right <= tile.x || tile.bottom <= tile.y)
    fail(ErrorKind::corrupt, "a strip has no pixels");
  const auto width = static_cast<std::size_t>(tile.right - tile.x);
  const bool one_band = header.is_planar && canvas.pixel_bytes > 1;
  if (header.is_planar && tile.layer >= header.layout.bands.size())
    fail(ErrorKind::unsupported, "samples stored apart in this mode");
  auto layout = header.layout;
  if (header.is_planar) layout.is_inverted = false;
  const auto size = one_band ? width : layout.raw.row_bytes(width);
  const auto stride = tile.stride == 0 ? size : tile.stride;
  if (stride < size)
    fail(ErrorKind::corrupt, "a row of {} bytes in a space of {}", size,
         stride);
  for (auto y = tile.y; y < tile.bottom; ++y) {
    const auto skipped = checked_product(y - tile.y, stride, "strip");
    if (tile.offset > file.size())
      fail(ErrorKind::corrupt, "a strip lies beyond the end of the file");
    const auto row =
        subspan(file.subspan(static_cast<std::size_t>(tile.offset)), skipped,
                size, "strip");
    auto* out = canvas.at(static_cast<std::size_t>(tile.x),
                          static_cast<std::size_t>(y));
    if (one_band)
      put_band(bytes_of(row), width, tile.layer, canvas.pixel_bytes, out);
    else
      unpack_tiff_row(layout, bytes_of(row), width, out);
  }
}

}  // namespace

TiffCanvas::TiffCanvas(Mode mode, std::uint64_t columns, std::uint64_t rows)
    : width(static_cast<std::size_t>(columns)),
      height(static_cast<std::size_t>(rows)),
      pixel_bytes(std::max<std::size_t>(describe(mode).bytes_per_pixel, 1)),
      pixels(static_cast<std::size_t>(checked_product(
          checked_product(columns, rows, "picture"), pixel_bytes, "picture"))) {
}

void read_plain_tiff(Bytes file, const TiffDirectory& directory,
                     const TiffHeader& header, TiffCanvas& canvas) {
  auto tiles = read_tiles(directory, header);
  if (tiles.size() == 1 && is_mapped(header))
    tiles = mapped(tiles[0], file, header);
  else
    drop_repeated(tiles);
  for (const auto& tile : tiles) read_tile(file, tile, header, canvas);
}

}  // namespace igrot
