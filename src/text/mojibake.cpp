#include "text/mojibake.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "text/text_cost.h"
#include "text/unicode.h"
#include "text/utf8_variants.h"

namespace igrot::text {
namespace {

// Damaged UTF-8 is found by shapes: a letter a byte.
//   a  the lead of a two-byte character likely before A0: C2 C3 C5 CE D0
//   2 3 4  the lead of a character of so many bytes     c  a trail byte, 80..BF
//   s  a space                                  z  1A, a byte that was lost
//   x  a trail byte or a lost one
//   e  ED    h  A0..AF    l  B0..BF: the parts of CESU-8's surrogates
// Earlier shapes win where several fit.
bool fits(char shape, std::uint8_t byte) {
  const auto in = [byte](unsigned first, unsigned last) {
    return byte >= first && byte <= last;
  };
  switch (shape) {
    case 'a':
      return byte == 0xC2 || byte == 0xC3 || byte == 0xC5 || byte == 0xCE ||
             byte == 0xD0;
    case '2':
      return in(0xC2, 0xDF);
    case '3':
      return in(0xE0, 0xEF);
    case '4':
      return in(0xF0, 0xF4);
    case 'c':
      return in(0x80, 0xBF);
    case 's':
      return byte == 0x20;
    case 'z':
      return byte == 0x1A;
    case 'x':
      return byte == 0x1A || in(0x80, 0xBF);
    case 'e':
      return byte == 0xED;
    case 'h':
      return in(0xA0, 0xAF);
    default:
      return in(0xB0, 0xBF);
  }
}

// A0, the no-break space, was flattened to a space.
constexpr std::array<std::string_view, 6> flattened_shapes{
    "as", "3sc", "3cs", "4scc", "4csc", "4ccs"};

// A byte without a meaning was lost: became U+FFFD.
constexpr std::array<std::string_view, 9> lossy_shapes{
    "2z", "ehzelx", "ehxelz", "3zx", "3xz", "4zxx", "4xzx", "4xxz", "z"};

bool fits(std::string_view shape, std::string_view bytes) {
  if (shape.size() > bytes.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i)
    if (!fits(shape[i], static_cast<std::uint8_t>(bytes[i]))) return false;
  return true;
}

// Copies `bytes`; what fits a shape goes through `replace(target, match)`.
template <class Shapes, class Replace>
std::string replace_shapes(std::string_view bytes, const Shapes& shapes,
                           Replace&& replace) {
  std::string target;
  target.reserve(bytes.size());
  for (std::size_t i = 0; i < bytes.size();) {
    const auto rest = bytes.substr(i);
    const auto shape =
        std::find_if(shapes.begin(), shapes.end(),
                     [&](std::string_view s) { return fits(s, rest); });
    if (shape == shapes.end()) {
      target.push_back(bytes[i++]);
    } else {
      replace(target, rest.substr(0, shape->size()));
      i += shape->size();
    }
  }
  return target;
}

std::string restore_no_break_spaces(std::string_view bytes) {
  return replace_shapes(bytes, flattened_shapes,
                        [](std::string& target, std::string_view match) {
                          for (const char byte : match)
                            target.push_back(byte == ' ' ? '\xA0' : byte);
                        });
}

std::string replace_lossy(std::string_view bytes) {
  return replace_shapes(bytes, lossy_shapes,
                        [](std::string& target, std::string_view) {
                          target += "\xEF\xBF\xBD";  // U+FFFD
                        });
}

bool is_c1(char32_t c) {
  return c >= 0x80 && c <= 0x9F;
}

// The byte of a character that may be the last one of E2 80 xx, read in Latin-1
// or Windows-1252.
std::optional<std::uint8_t> trail_byte(char32_t c) {
  if (c >= 0x80 && c <= 0xBF) return static_cast<std::uint8_t>(c);
  for (std::uint8_t byte = 0x80; byte <= 0x9F; ++byte)
    if (from_windows_1252(byte) == c) return byte;
  return std::nullopt;
}

// General punctuation, U+2000 to U+203F, is E2 80 xx in UTF-8. It is so blatant
// that it is undone even where the rest of the text was read rightly.
std::optional<Reading> undo_punctuation(std::u32string_view text) {
  std::u32string fixed;
  bool found = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool lead = text[i] == U'â' && text.size() - i >= 3 &&
                      (text[i + 1] == U'€' || text[i + 1] == U'\u0080');
    const auto trail = lead ? trail_byte(text[i + 2]) : std::nullopt;
    if (trail) {
      fixed.push_back(0x2000 + (*trail & 0x3FU));
      found = true;
      i += 2;
    } else if (is_c1(text[i])) {
      fixed.push_back(from_windows_1252(static_cast<std::uint8_t>(text[i])));
    } else {
      fixed.push_back(text[i]);
    }
  }
  if (!found) return std::nullopt;
  return Reading{std::move(fixed), 1};
}

// Latin-1 that was Windows-1252: nobody means the C1 controls. Left alone if
// Windows-1252 gives one of them no meaning.
std::optional<Reading> undo_latin_1(std::u32string_view text) {
  std::u32string fixed(text);
  for (char32_t& c : fixed) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (!is_in_windows_1252(byte)) return std::nullopt;
    c = from_windows_1252(byte);
  }
  if (fixed == text) return std::nullopt;
  return Reading{std::move(fixed), 1};
}

}  // namespace

std::optional<Reading> MojibakeFixer::undo_utf8(std::u32string_view text,
                                                std::size_t encoding) const {
  const SingleByteRow& row = single_byte_encodings[encoding];
  int cost = row.cost;
  std::string bytes = encodings_.encode(text, encoding);
  std::string restored = restore_no_break_spaces(bytes);
  if (restored != bytes) {
    cost += 2 * static_cast<int>(
                    std::count(restored.begin(), restored.end(), '\xA0'));
    bytes = std::move(restored);
  }
  if (row.is_sloppy && bytes.find('\x1A') != bytes.npos)
    bytes = replace_lossy(bytes);
  const bool is_variant =
      bytes.find('\xED') != bytes.npos || bytes.find('\xC0') != bytes.npos;
  auto decoded = is_variant ? decode_variants(bytes) : decode_strict(bytes);
  if (!decoded) return std::nullopt;
  return Reading{*std::move(decoded), cost};
}

std::optional<Reading> MojibakeFixer::undo_one(std::u32string_view text) const {
  if (is_ascii(text)) return std::nullopt;
  const unsigned holders = encodings_.holding(text);
  for (std::size_t i = 0; i < single_byte_encodings.size(); ++i)
    if (holders >> i & 1U)
      if (auto reading = undo_utf8(text, i)) return reading;
  if (auto reading = undo_punctuation(text)) return reading;
  if (holders >> latin_1_encoding & 1U) return undo_latin_1(text);
  return std::nullopt;
}

std::u32string MojibakeFixer::fix(std::u32string_view text,
                                  WorkLimit& limit) const {
  std::u32string best(text);
  std::optional<std::ptrdiff_t> best_cost;
  std::ptrdiff_t assumptions = 0;
  std::u32string current(text);
  while (limit.spend(current.size())) {
    auto reading = undo_one(current);
    if (!reading || reading->text == current) break;
    if (!best_cost) best_cost = text_cost(best);
    current = std::move(reading->text);
    assumptions += reading->cost;
    const std::ptrdiff_t cost = text_cost(current) + assumptions;
    if (cost < *best_cost) {
      best_cost = cost;
      best = current;
    }
  }
  return best;
}

}  // namespace igrot::text
