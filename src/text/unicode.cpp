#include "text/unicode.h"

#include <unicode/locid.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <utility>

namespace igrot::text {
namespace {

UChar32 code(char32_t c) {
  return static_cast<UChar32>(c);
}

bool is_cased(char32_t c) {
  return u_hasBinaryProperty(code(c), UCHAR_CASED) &&
         !is_newer(c, python_version);
}

bool is_case_ignorable(char32_t c) {
  return u_hasBinaryProperty(code(c), UCHAR_CASE_IGNORABLE) &&
         !is_newer(c, python_version);
}

// The conditions skip case-ignorable characters before they ask for a cased
// one; some characters are both.
bool cased_before(std::u32string_view text, std::size_t position) {
  while (position > 0 && is_case_ignorable(text[position - 1])) --position;
  return position > 0 && is_cased(text[position - 1]);
}

bool cased_after(std::u32string_view text, std::size_t position) {
  ++position;
  while (position < text.size() && is_case_ignorable(text[position]))
    ++position;
  return position < text.size() && is_cased(text[position]);
}

}  // namespace

bool is_newer(char32_t c, UnicodeVersion version) {
  UVersionInfo age;
  u_charAge(code(c), age);
  return std::pair<int, int>(age[0], age[1]) >
         std::pair(version.major, version.minor);
}

UCharCategory category(char32_t c, UnicodeVersion version) {
  if (c >= 0x80 && is_newer(c, version)) return U_UNASSIGNED;
  return static_cast<UCharCategory>(u_charType(code(c)));
}

bool is_letter(char32_t c) {
  return (U_MASK(category(c, regex_version)) & U_GC_L_MASK) != 0;
}

bool is_number(char32_t c) {
  return (U_MASK(category(c, regex_version)) & U_GC_N_MASK) != 0;
}

bool is_white_space(char32_t c) {
  return u_isUWhiteSpace(code(c));
}

bool is_python_space(char32_t c) {
  return (c >= 0x1C && c <= 0x1F) || is_white_space(c);
}

bool is_ascii(std::u32string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char32_t c) { return c < 0x80; });
}

std::u32string decode_utf8(std::string_view bytes) {
  std::u32string text;
  text.reserve(bytes.size());
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  for (std::size_t i = 0; i < bytes.size();) {
    UChar32 c = 0;
    U8_NEXT_OR_FFFD(data, i, bytes.size(), c);
    text.push_back(static_cast<char32_t>(c));
  }
  return text;
}

void append_utf8(std::string& target, char32_t c) {
  char units[U8_MAX_LENGTH];
  std::size_t size = 0;
  U8_APPEND_UNSAFE(units, size, c);
  target.append(units, size);
}

std::string encode_utf8(std::u32string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  for (const char32_t c : text) append_utf8(bytes, c);
  return bytes;
}

void append_lower(std::u32string& target, char32_t c) {
  if (c == U'\u0130') {
    target += U"i\u0307";
    return;
  }
  const auto mapped = static_cast<char32_t>(u_tolower(code(c)));
  const bool known = c < 0x80 || mapped == c || !is_newer(c, python_version);
  target.push_back(known ? mapped : c);
}

std::u32string lower(std::u32string_view text) {
  std::u32string lowered;
  lowered.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool final_sigma =
        text[i] == U'Σ' && cased_before(text, i) && !cased_after(text, i);
    if (final_sigma)
      lowered.push_back(U'ς');
    else
      append_lower(lowered, text[i]);
  }
  return lowered;
}

std::u32string upper(std::u32string_view text) {
  icu::UnicodeString units;
  for (const char32_t c : text) units.append(code(c));
  units.toUpper(icu::Locale::getRoot());
  std::u32string mapped;
  for (std::int32_t i = 0; i < units.length(); i = units.moveIndex32(i, 1))
    mapped.push_back(static_cast<char32_t>(units.char32At(i)));
  return mapped;
}

}  // namespace igrot::text
