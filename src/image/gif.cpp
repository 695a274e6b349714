// GIF: the first frame, as PIL 9.4 shows it. Source of the layout: GIF89a.
#include <algorithm>

#include "image/decoder.h"
#include "image/gif_lzw.h"

namespace igrot {
namespace {

struct Frame {
  std::size_t left, top, right, bottom;
  bool interlaced;
  unsigned code_bits;
  std::size_t data_offset;
};

struct Header {
  std::size_t width = 0;
  std::size_t height = 0;

  // Set only if the table says more than that every number is its own gray.
  std::optional<Palette> global;
  std::optional<Palette> local;
  bool has_local = false;

  std::optional<std::uint8_t> transparent;
  Frame frame{};

  const std::optional<Palette>& palette() const {
    return has_local ? local : global;
  }
};

/// A colour table whose size is coded in the low bits of `flags`. It may be cut
/// short by the end of the file between two colours.
std::optional<Palette> read_table(ByteReader& reader, unsigned flags) {
  const auto size = std::size_t{6} << (flags & 7);
  const auto data = reader.take(std::min(size, reader.left()));
  if (data.size() % 3 != 0)
    fail(ErrorKind::corrupt, "the file ends inside a colour");
  Palette palette;
  const Palette ramp = palette;
  for (std::size_t i = 0; i < data.size() / 3; ++i)
    std::copy_n(bytes_of(data) + 3 * i, 3, palette.colors[i].begin());
  if (palette.colors == ramp.colors) return std::nullopt;
  return palette;
}

/// A sub-block, cut where the file ends; nothing for the closing one.
std::optional<Bytes> read_block(ByteReader& reader) {
  if (reader.left() == 0) return std::nullopt;
  const auto size = reader.little<std::uint8_t>();
  if (size == 0) return std::nullopt;
  return reader.take(std::min<std::size_t>(size, reader.left()));
}

void skip_blocks(ByteReader& reader) {
  for (auto block = read_block(reader); block && !block->empty();)
    block = read_block(reader);
}

void read_extension(ByteReader& reader, Header& header) {
  enum Label : std::uint8_t { control = 249, comment = 254, application = 255 };
  const auto label = reader.little<std::uint8_t>();
  const auto block = read_block(reader);
  if (label == comment && !block) return;
  if ((label == control || label == application) && !block)
    fail(ErrorKind::corrupt, "extension {} is empty", label);
  if (label == control) {
    const auto fields = subspan(*block, 0, 3, "graphic control extension");
    if ((fields[0] & std::byte{1}) != std::byte{0})
      header.transparent = static_cast<std::uint8_t>(
          subspan(*block, 3, 1, "graphic control extension")[0]);
  }
  skip_blocks(reader);
}

void read_frame(ByteReader& reader, Header& header) {
  const auto data = reader.take(9);
  const auto number = [&](std::size_t at) -> std::size_t {
    return load_little<std::uint16_t>(data.subspan(at));
  };
  auto& frame = header.frame;
  frame.left = number(0);
  frame.top = number(2);
  frame.right = frame.left + number(4);
  frame.bottom = frame.top + number(6);
  header.width = std::max(header.width, frame.right);
  header.height = std::max(header.height, frame.bottom);
  const auto flags = static_cast<unsigned>(data[8]);
  frame.interlaced = flags & 64;
  header.has_local = flags & 128;
  if (header.has_local) header.local = read_table(reader, flags);
  frame.code_bits = reader.little<std::uint8_t>();
  frame.data_offset = reader.offset();
}

Header read_header(Bytes file) {
  ByteReader reader(file, "header");
  const auto screen = reader.take(13);
  Header header;
  header.width = load_little<std::uint16_t>(screen.subspan(6));
  header.height = load_little<std::uint16_t>(screen.subspan(8));
  const auto flags = static_cast<unsigned>(screen[10]);
  if (flags & 128) header.global = read_table(reader, flags);
  for (;;) {
    const auto tag = reader.little<std::uint8_t>();
    if (tag == ';') fail(ErrorKind::corrupt, "there is no picture in it");
    if (tag == '!') read_extension(reader, header);
    if (tag == ',') break;
  }
  read_frame(reader, header);
  return header;
}

/// The frame as PIL takes it: one that ends where it begins, at the left edge,
/// means the whole screen.
GifFrame frame_in(const Header& header) {
  const auto& frame = header.frame;
  const bool whole = frame.left == 0 && frame.right == 0;
  GifFrame target{};
  target.x = whole ? 0 : frame.left;
  target.y = whole ? 0 : frame.top;
  target.width = whole ? header.width : frame.right - frame.left;
  target.height = whole ? header.height : frame.bottom - frame.top;
  target.interlaced = frame.interlaced;
  target.code_bits = frame.code_bits;
  if (target.width == 0 || target.height == 0)
    fail(ErrorKind::corrupt, "the first frame has no pixels");
  return target;
}

}  // namespace

bool is_gif(Bytes file) {
  return starts_with(file, "GIF87a") || starts_with(file, "GIF89a");
}

Decoded decode_gif(Bytes file, const OpenOptions& options) {
  const auto header = read_header(file);
  check_size(header.width, header.height, options);
  Decoded decoded;
  auto& parts = decoded.parts;
  parts =
      blank(header.palette() ? Mode::p : Mode::l, header.width, header.height);
  parts.palette = header.palette();
  if (header.transparent) {
    std::ranges::fill(parts.pixels, std::byte{*header.transparent});
    if (parts.palette)
      parts.palette->alphas[*header.transparent] = 0;
    else
      parts.transparent = {*header.transparent, 0, 0};
  }
  read_gif_frame(file.subspan(header.frame.data_offset), frame_in(header),
                 parts);
  return decoded;
}

}  // namespace igrot
