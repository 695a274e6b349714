// Text found in foreign files: is it UTF-8, and how may it stand in a message.
#pragma once

#include <string>
#include <string_view>

namespace igrot {

/// Well-formed UTF-8: no surrogates, no overlong forms, nothing above U+10FFFF.
bool is_utf8(std::string_view text);

/// `text` in single quotes for a message: at most some 80 bytes of it, with
/// control characters and bytes that are not UTF-8 escaped.
std::string in_quotes(std::string_view text);

}  // namespace igrot
