// Characters, their properties and UTF-8.
//
// The reference ran on Python 3.11, whose tables are Unicode 14, and on a regex
// engine with Unicode 15. ICU may know more; a character of a later version
// counts as unassigned here, so ids do not change with the system's ICU.
#pragma once

#include <unicode/uchar.h>

#include <string>
#include <string_view>

namespace igrot::text {

/// A version of Unicode, as in 12.1.
struct UnicodeVersion {
  int major;
  int minor;
};

inline constexpr UnicodeVersion python_version{14, 0};
inline constexpr UnicodeVersion regex_version{15, 0};

/// The general category of `c` in a version of Unicode.
UCharCategory category(char32_t c, UnicodeVersion version = python_version);

/// Whether `c` came into Unicode after `version`.
bool is_newer(char32_t c, UnicodeVersion version);

/// Category L* and N* as the regex engine of the reference has them.
bool is_letter(char32_t c);
bool is_number(char32_t c);

/// The property White_Space.
bool is_white_space(char32_t c);

/// White space as Python's str.strip and str.split take it: also U+001C to
/// U+001F.
bool is_python_space(char32_t c);

constexpr bool is_ascii_digit(char32_t c) {
  return c >= U'0' && c <= U'9';
}
constexpr bool is_ascii_letter(char32_t c) {
  return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
}

bool is_ascii(std::u32string_view text);

/// Decodes UTF-8; each longest start of a well-formed sequence that is broken
/// off, and each other stray byte, becomes one U+FFFD.
std::u32string decode_utf8(std::string_view bytes);

void append_utf8(std::string& target, char32_t c);
std::string encode_utf8(std::u32string_view text);

/// Appends the lower case of a character taken by itself: U+0130 gives two,
/// capital sigma never the final one.
void append_lower(std::u32string& target, char32_t c);

/// The lower case of a text: a capital sigma after a cased letter and before
/// none becomes the final sigma (Final_Sigma in SpecialCasing.txt).
std::u32string lower(std::u32string_view text);

/// The full upper case of a text.
std::u32string upper(std::u32string_view text);

}  // namespace igrot::text
