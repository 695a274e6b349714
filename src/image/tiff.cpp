// TIFF: the first picture, as PIL 9.4 opens it, turned upright as PIL does here
// and only here.
#include <algorithm>

#include "image/convert.h"
#include "image/decoder.h"
#include "image/tiff_rows.h"

namespace igrot {
namespace {

// What PIL knows by name, with or without libtiff's codec for it.
constexpr std::array<std::uint64_t, 18> compressions{
    1,     2,     3,     4,     5,     6,     7,     8,     32771,
    32773, 32809, 32946, 34676, 34677, 34925, 50000, 50001,
};

constexpr std::array prefixes{
    std::string_view("MM\0*", 4), std::string_view("II*\0", 4),
    std::string_view("MM*\0", 4), std::string_view("II\0*", 4),
    std::string_view("MM\0+", 4), std::string_view("II+\0", 4),
};

/// All reds, then all greens, then all blues, 16 bits each.
Palette palette_of(const TiffDirectory& directory) {
  const auto map = directory.numbers(TiffTag::color_map);
  if (!map) fail(ErrorKind::corrupt, "there is no palette");
  Palette palette;
  const auto count = map->size() / 3;
  if (count > palette.colors.size())
    fail(ErrorKind::corrupt, "a palette of {} entries, at most 256 expected",
         count);
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t c = 0; c < 3; ++c)
      palette.colors[i][c] =
          static_cast<std::uint8_t>((*map)[c * count + i] / 256);
  return palette;
}

}  // namespace

bool is_tiff(Bytes file) {
  return std::ranges::any_of(prefixes, [&](std::string_view prefix) {
    return starts_with(file, prefix);
  });
}

Decoded decode_tiff(Bytes file, const OpenOptions& options) {
  const TiffDirectory directory(file);
  const auto header = read_tiff_header(directory);
  if (std::ranges::find(compressions, header.compression) == compressions.end())
    fail(ErrorKind::unsupported, "compression {}", header.compression);
  const auto mode = header.layout.raw.mode;
  std::optional<Palette> palette;
  if (mode == Mode::p || mode == Mode::pa) palette = palette_of(directory);
  check_size(mode, header.width, header.height, options);

  TiffCanvas canvas(mode, header.width, header.height);
  if (header.compression == static_cast<std::uint64_t>(TiffCompression::none))
    read_plain_tiff(file, directory, header, canvas);
  else
    read_tiff_by_library(file, header, canvas);

  ImageParts parts;
  parts.mode = mode;
  parts.width = canvas.width;
  parts.height = canvas.height;
  parts.palette = std::move(palette);
  if (mode == Mode::bilevel) {
    parts.pixels =
        pack_bits({canvas.at(0, 0), canvas.pixels.size()}, canvas.width);
  } else {
    parts.pixels = std::move(canvas.pixels);
  }
  Decoded decoded;
  if (options.icc == Icc::apply) {
    const auto profile = directory.bytes(TiffTag::icc_profile);
    decoded.profile.assign(profile.begin(), profile.end());
  }
  const auto orientation = directory.number_or(TiffTag::orientation, 1);
  decoded.parts =
      orientation < 2 || orientation > 8
          ? std::move(parts)
          : turned(Image(std::move(parts)), static_cast<int>(orientation))
                .parts();
  return decoded;
}

}  // namespace igrot
