// PBM, PGM, PPM, plain and raw, as PIL 9.4 reads them, with its own additions
// (P0CMYK, PyP, PyRGBA, PyCMYK).
#include <algorithm>
#include <cstring>

#include "image/decoder.h"
#include "image/pnm_plain.h"
#include "image/raw_rows.h"

namespace igrot {
namespace {

constexpr std::string_view whitespace = " \t\n\v\f\r";

struct Kind {
  std::string_view magic;
  Mode mode;
  bool plain;
};

constexpr std::array kinds{
    Kind{"P1", Mode::bilevel, true},   Kind{"P2", Mode::l, true},
    Kind{"P3", Mode::rgb, true},       Kind{"P4", Mode::bilevel, false},
    Kind{"P5", Mode::l, false},        Kind{"P6", Mode::rgb, false},
    Kind{"P0CMYK", Mode::cmyk, false}, Kind{"PyP", Mode::p, false},
    Kind{"PyRGBA", Mode::rgba, false}, Kind{"PyCMYK", Mode::cmyk, false},
};

bool is_space(char c) {
  return whitespace.find(c) != std::string_view::npos;
}

/// Up to whitespace, which is passed over, or six characters.
std::string_view read_magic(ByteReader& reader, std::string_view file) {
  std::size_t size = 0;
  while (size < 6 && size < file.size() && !is_space(file[size])) ++size;
  reader.take(size);
  if (size < 6 && size < file.size()) reader.take(1);
  return file.substr(0, size);
}

const Kind& kind_of(std::string_view magic) {
  for (const auto& kind : kinds)
    if (kind.magic == magic) return kind;
  fail(ErrorKind::corrupt, "no kind of picture has this mark");
}

/// The next number of the header and the one character after it. Comments run
/// from # to the end of their line and do not end a number.
std::int64_t read_number(ByteReader& reader) {
  std::string token;
  while (token.size() <= 10 && reader.left() > 0) {
    const auto c = static_cast<char>(reader.little<std::uint8_t>());
    if (c == '#') {
      while (reader.left() > 0) {
        const auto skipped = static_cast<char>(reader.little<std::uint8_t>());
        if (skipped == '\n' || skipped == '\r') break;
      }
    } else if (!is_space(c)) {
      token += c;
    } else if (!token.empty()) {
      break;
    }
  }
  if (token.size() > 10)
    fail(ErrorKind::corrupt,
         "a number of more than 10 characters in the header");
  return parse_pnm_number(token);
}

std::uint64_t read_extent(ByteReader& reader) {
  return static_cast<std::uint64_t>(
      std::max<std::int64_t>(read_number(reader), 0));
}

RawLayout layout_of(Mode mode) {
  switch (mode) {
    case Mode::bilevel:
      return {mode, 1, raw::inverted_bits};
    case Mode::rgb:
      return {mode, 24, raw::copy_3};
    case Mode::i:
      return {mode, 16, raw::big_16_to_i};
    case Mode::rgba:
    case Mode::cmyk:
      return {mode, 32, raw::copy_4};
    default:
      return {mode, 8, raw::copy_1};
  }
}

/// Raw samples of any maximum, brought to the mode's range.
void read_scaled(Bytes data, unsigned max, ImageParts& parts) {
  const std::size_t size = max < 256 ? 1 : 2;
  const bool wide = parts.mode == Mode::i;
  const auto count = wide ? parts.pixels.size() / 4 : parts.pixels.size();
  data = subspan(data, 0, checked_product(count, size, "picture"), "picture");
  auto* out = bytes_of(parts.pixels);
  for (std::size_t i = 0; i < count; ++i) {
    const auto stored = size == 1
                            ? static_cast<unsigned>(data[i])
                            : load_big<std::uint16_t>(data.subspan(2 * i));
    const unsigned limit = wide ? 65535 : 255;
    const auto value = std::min(scale_pnm_sample(stored, max, limit), limit);
    if (wide)
      std::memcpy(out + 4 * i, &value, 4);
    else
      out[i] = static_cast<std::uint8_t>(value);
  }
}

}  // namespace

bool is_pnm(Bytes file) {
  return file.size() > 1 && file[0] == std::byte{'P'} &&
         std::string_view("0123456y").find(static_cast<char>(file[1])) !=
             std::string_view::npos;
}

Decoded decode_pnm(Bytes file, const OpenOptions& options) {
  ByteReader reader(file, "header");
  const auto& kind = kind_of(read_magic(reader, as_text(file)));
  const auto width = read_extent(reader);
  const auto height = read_extent(reader);
  auto mode = kind.mode;
  std::int64_t max = 1;
  if (mode != Mode::bilevel) {
    max = read_number(reader);
    if (max <= 0 || max >= 65536)
      fail(ErrorKind::corrupt, "a maximum of {} is not within 1 to 65535", max);
    if (max > 255 && mode == Mode::l) mode = Mode::i;
  }
  check_size(mode, width, height, options);
  Decoded decoded;
  decoded.parts = blank(mode, width, height);
  const auto data = file.subspan(reader.offset());
  const bool stored_as_is =
      mode == Mode::bilevel || max == 255 || (mode == Mode::i && max == 65535);
  if (kind.plain)
    read_pnm_plain(data, static_cast<unsigned>(max), decoded.parts);
  else if (stored_as_is)
    read_raw_rows(data, layout_of(mode), {}, decoded.parts);
  else
    read_scaled(data, static_cast<unsigned>(max), decoded.parts);
  return decoded;
}

}  // namespace igrot
