// Reading UTF-8 one code point at a time, where bytes may be anything.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace igrot {

struct CodePoint {
  std::uint32_t value;
  std::size_t size_bytes;
};

/// The code point at the start of `text`; nothing when the bytes there are not
/// UTF-8 (overlong forms and surrogates are not).
std::optional<CodePoint> first_code_point(std::string_view text);

void append_utf8(std::string& text, std::uint32_t code_point);

}  // namespace igrot
