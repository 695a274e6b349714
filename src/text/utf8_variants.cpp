#include "text/utf8_variants.h"

#include <unicode/utf8.h>

#include <cstdint>

namespace igrot::text {
namespace {

std::uint8_t at(std::string_view bytes, std::size_t i) {
  return static_cast<std::uint8_t>(bytes[i]);
}

bool is_in(std::uint8_t byte, std::uint8_t first, std::uint8_t last) {
  return byte >= first && byte <= last;
}

// ED A0..BF 80..BF: a surrogate, which well-formed UTF-8 cannot hold.
bool is_surrogate(std::string_view bytes) {
  return bytes.size() >= 3 && at(bytes, 0) == 0xED &&
         is_in(at(bytes, 1), 0xA0, 0xBF) && is_in(at(bytes, 2), 0x80, 0xBF);
}

// The reference looks for these bytes with a pattern whose last byte may be
// replaced by "the end", which to its engine is also the place before a line
// feed that ends the input; that line feed is then taken as the byte.
bool is_final_line_feed(std::string_view bytes, std::size_t i) {
  return i + 1 == bytes.size() && bytes[i] == '\n';
}

bool is_java_null(std::string_view bytes) {
  return bytes.size() >= 2 && at(bytes, 0) == 0xC0 &&
         (at(bytes, 1) == 0x80 || is_final_line_feed(bytes, 1));
}

bool is_surrogate_pair(std::string_view bytes) {
  return bytes.size() >= 6 && is_surrogate(bytes) && at(bytes, 1) <= 0xAF &&
         at(bytes, 3) == 0xED && is_in(at(bytes, 4), 0xB0, 0xBF) &&
         (is_in(at(bytes, 5), 0x80, 0xBF) || is_final_line_feed(bytes, 5));
}

char32_t combine(std::string_view pair) {
  const auto bits = [&](std::size_t i, std::uint32_t mask) {
    return at(pair, i) & mask;
  };
  return 0x10000 + (bits(1, 0x0F) << 16) + (bits(2, 0x3F) << 10) +
         (bits(4, 0x0F) << 6) + bits(5, 0x3F);
}

// Appends the well-formed character at `i` and moves on; false if there is
// none.
bool append_strict(std::u32string& text, std::string_view bytes,
                   std::size_t& i) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  UChar32 c = 0;
  U8_NEXT(data, i, bytes.size(), c);
  if (c < 0) return false;
  text.push_back(static_cast<char32_t>(c));
  return true;
}

}  // namespace

std::optional<std::u32string> decode_strict(std::string_view bytes) {
  std::u32string text;
  text.reserve(bytes.size());
  for (std::size_t i = 0; i < bytes.size();)
    if (!append_strict(text, bytes, i)) return std::nullopt;
  return text;
}

std::optional<std::u32string> decode_variants(std::string_view bytes) {
  std::u32string text;
  text.reserve(bytes.size());
  for (std::size_t i = 0; i < bytes.size();) {
    const std::string_view rest = bytes.substr(i);
    if (is_java_null(rest)) {
      text.push_back(U'\0');
      i += 2;
    } else if (is_surrogate_pair(rest)) {
      text.push_back(combine(rest));
      i += 6;
    } else if (!append_strict(text, bytes, i)) {
      return std::nullopt;
    }
  }
  return text;
}

}  // namespace igrot::text
