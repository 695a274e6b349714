// Unicode normal forms as Python 3.11 has them (Unicode 14).
#pragma once

#include <string>
#include <string_view>

namespace igrot::text {

/// Canonical composition.
std::u32string nfc(std::u32string_view text);

/// Canonical decomposition.
std::u32string nfd(std::u32string_view text);

/// Compatibility composition of one character.
std::u32string nfkc(char32_t c);

}  // namespace igrot::text
