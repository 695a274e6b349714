#include "formats/foreign_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/utf8.h"

namespace igrot {
namespace {

/// Length of the well-formed character at the start of `text`; 0: none.
std::size_t character_length(std::string_view text) {
  const auto first = first_code_point(text);
  return first ? first->size_bytes : 0;
}

bool is_control(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return first < 0x20 || first == 0x7F;
  return first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto length = character_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t shown_bytes = 80;
  std::string result = "'";
  while (!text.empty() && result.size() < shown_bytes) {
    const auto length = character_length(text);
    const auto part = text.substr(0, std::max<std::size_t>(length, 1));
    if (length == 0 || is_control(part)) {
      for (const char byte : part)
        fmt::format_to(std::back_inserter(result), "\\x{:02x}",
                       static_cast<unsigned char>(byte));
    } else {
      result += part;
    }
    text.remove_prefix(part.size());
  }
  return result + (text.empty() ? "'" : "...'");
}

}  // namespace igrot
