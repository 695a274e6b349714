#include "text/entities.h"

#include <algorithm>
#include <cassert>
#include <charconv>

#include "text/assets.h"
#include "text/unicode.h"

namespace igrot::text {
namespace {

constexpr char32_t highest_code_point = 0x10FFFF;

// What the HTML standard puts for references to the bytes 80 to 9F: their
// meaning in Windows-1252, where they have one.
constexpr char32_t windows_1252_controls[] = {
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,
    0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

// Code points a reference may not name; they vanish.
bool is_dropped(char32_t c) {
  return (c >= 0x01 && c <= 0x08) || c == 0x0B || (c >= 0x0E && c <= 0x1F) ||
         c == 0x7F || (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE;
}

void append_code_point(std::u32string& target, char32_t c) {
  if (c >= 0x80 && c <= 0x9F)
    target.push_back(windows_1252_controls[c - 0x80]);
  else if (c == 0 || (c >= 0xD800 && c <= 0xDFFF) || c > highest_code_point)
    target.push_back(U'\uFFFD');
  else if (!is_dropped(c))
    target.push_back(c);
}

std::optional<unsigned> digit(char32_t c, unsigned base) {
  unsigned value = base;
  if (is_ascii_digit(c)) value = c - U'0';
  if (c >= U'a' && c <= U'f') value = c - U'a' + 10;
  if (c >= U'A' && c <= U'F') value = c - U'A' + 10;
  if (value >= base) return std::nullopt;
  return value;
}

struct NumericReference {
  std::size_t end;  // after the semicolon if there is one
  char32_t code_point;
};

// The numeric reference whose number sign is at `position`.
std::optional<NumericReference> numeric_at(std::u32string_view text,
                                           std::size_t position) {
  std::size_t i = position + 1;
  const bool hexadecimal =
      i < text.size() && (text[i] == U'x' || text[i] == U'X');
  if (hexadecimal) ++i;
  const unsigned base = hexadecimal ? 16 : 10;
  const std::size_t first_digit = i;
  char32_t number = 0;
  for (; i < text.size(); ++i) {
    const auto value = digit(text[i], base);
    if (!value) break;
    number = std::min<char32_t>(number * base + *value, highest_code_point + 1);
  }
  if (i == first_digit) return std::nullopt;
  if (i < text.size() && text[i] == U';') ++i;
  return NumericReference{i, number};
}

// ASCII of the characters from `start` to `end`; shorter where one is not.
std::string ascii(std::u32string_view text, std::size_t start,
                  std::size_t end) {
  std::string name;
  for (std::size_t i = start; i < end && text[i] < 0x80; ++i)
    name.push_back(static_cast<char>(text[i]));
  return name;
}

// Length of the longest start of `name` that is a reference, and its text.
struct NamedReference {
  std::size_t size;
  std::u32string_view text;
};

std::optional<NamedReference> longest_name(const Entities& entities,
                                           std::string_view name) {
  for (std::size_t size = name.size(); size >= 2; --size)
    if (const auto found = entities.find(name.substr(0, size)))
      return NamedReference{size, *found};
  return std::nullopt;
}

// The longest run a browser takes for a name: 32 characters and a semicolon.
std::size_t name_end(std::u32string_view text, std::size_t start) {
  constexpr std::u32string_view enders = U"\t\n\f <&#;";
  constexpr std::size_t longest_name_size = 32;
  const std::size_t limit = std::min(text.size(), start + longest_name_size);
  std::size_t end = start;
  while (end < limit && enders.find(text[end]) == enders.npos) ++end;
  const bool closed = end > start && end < text.size() && text[end] == U';';
  return closed ? end + 1 : end;
}

std::string changed_case(std::string_view name, char from, char to) {
  std::string changed(name);
  for (char& c : changed)
    if (c >= from && c <= from + 25) c = static_cast<char>(c - from + to);
  return changed;
}

std::optional<std::u32string> complete_name(const Entities& entities,
                                            std::string_view name) {
  if (const auto found = entities.find(name)) return std::u32string(*found);
  const bool upper_case = changed_case(name, 'a', 'A') == name;
  if (!upper_case || longest_name(entities, name)) return std::nullopt;
  const auto found = entities.find(changed_case(name, 'A', 'a'));
  if (!found) return std::nullopt;
  return upper(*found);
}

// The end (after the semicolon) of what looks like a whole reference.
std::optional<std::size_t> complete_end(std::u32string_view text,
                                        std::size_t ampersand) {
  constexpr std::size_t longest_body = 24;
  std::size_t start = ampersand + 1;
  if (start < text.size() && text[start] == U'#') ++start;
  std::size_t end = start;
  while (end < text.size() && end - start < longest_body &&
         (is_ascii_letter(text[end]) || is_ascii_digit(text[end])))
    ++end;
  if (end == start || end == text.size() || text[end] != U';')
    return std::nullopt;
  return end + 1;
}

std::optional<std::u32string> complete_reference(const Entities& entities,
                                                 std::u32string_view text,
                                                 std::size_t ampersand,
                                                 std::size_t end) {
  if (text[ampersand + 1] != U'#')
    return complete_name(entities, ascii(text, ampersand + 1, end));
  const auto number = numeric_at(text, ampersand + 1);
  // A reference to the semicolon itself is left for the later reading.
  if (!number || number->end != end || number->code_point == U';')
    return std::nullopt;
  std::u32string character;
  append_code_point(character, number->code_point);
  return character;
}

}  // namespace

Entities::Entities() {
  constexpr std::size_t expected_rows = 2231;
  rows_.reserve(expected_rows);
  for (std::string_view rest = html_entities(); !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(line.size() + 1);
    const std::size_t space = line.find(' ');
    Row row{line.substr(0, space), {}, 0};
    for (const char* at = line.data() + space; at != line.data() + line.size();
         ++row.size) {
      std::uint32_t number = 0;
      at = std::from_chars(at + 1, line.data() + line.size(), number, 16).ptr;
      row.text[row.size] = number;
    }
    rows_.push_back(row);
  }
  assert(rows_.size() == expected_rows);
}

std::optional<std::u32string_view> Entities::find(std::string_view name) const {
  const auto row = std::lower_bound(
      rows_.begin(), rows_.end(), name,
      [](const Row& a, std::string_view b) { return a.name < b; });
  if (row == rows_.end() || row->name != name) return std::nullopt;
  return std::u32string_view(row->text, row->size);
}

std::u32string unescape(const Entities& entities, std::u32string_view text) {
  std::u32string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t start = i++;
    if (text[start] != U'&') {
      plain.push_back(text[start]);
    } else if (i < text.size() && text[i] == U'#') {
      const auto number = numeric_at(text, i);
      if (number) {
        append_code_point(plain, number->code_point);
        i = number->end;
      } else {
        plain.push_back(U'&');
      }
    } else if (const auto name =
                   longest_name(entities, ascii(text, i, name_end(text, i)))) {
      plain += name->text;
      i += name->size;
    } else {
      plain.push_back(U'&');
    }
  }
  return plain;
}

std::u32string unescape_complete(const Entities& entities,
                                 std::u32string_view text) {
  std::u32string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == U'&') {
      const auto end = complete_end(text, i);
      const auto reference =
          end ? complete_reference(entities, text, i, *end) : std::nullopt;
      if (reference) {
        plain += *reference;
        i = *end;
        continue;
      }
    }
    plain.push_back(text[i++]);
  }
  return plain;
}

}  // namespace igrot::text
