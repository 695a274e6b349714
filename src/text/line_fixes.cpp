#include "text/line_fixes.h"

#include <algorithm>
#include <array>

#include "text/normal_form.h"
#include "text/unicode.h"

namespace igrot::text {
namespace {

struct Ligature {
  char32_t character;
  std::u32string_view letters;
};

// By code point.
constexpr std::array ligatures{
    Ligature{U'\u0132', U"IJ"},      Ligature{U'\u0133', U"ij"},
    Ligature{U'\u0149', U"\u02BCn"}, Ligature{U'\u01C4', U"D\u017D"},
    Ligature{U'\u01C5', U"D\u017E"}, Ligature{U'\u01C6', U"d\u017E"},
    Ligature{U'\u01C7', U"LJ"},      Ligature{U'\u01C8', U"Lj"},
    Ligature{U'\u01C9', U"lj"},      Ligature{U'\u01CA', U"NJ"},
    Ligature{U'\u01CB', U"Nj"},      Ligature{U'\u01CC', U"nj"},
    Ligature{U'\u01F1', U"DZ"},      Ligature{U'\u01F2', U"Dz"},
    Ligature{U'\u01F3', U"dz"},      Ligature{U'\uFB00', U"ff"},
    Ligature{U'\uFB01', U"fi"},      Ligature{U'\uFB02', U"fl"},
    Ligature{U'\uFB03', U"ffi"},     Ligature{U'\uFB04', U"ffl"},
    Ligature{U'\uFB05', U"\u017Ft"}, Ligature{U'\uFB06', U"st"},
};

struct Range {
  char32_t first;
  char32_t last;
};

constexpr std::array controls{
    Range{0x00, 0x08},     Range{0x0B, 0x0B},       Range{0x0E, 0x1F},
    Range{0x7F, 0x7F},     Range{0x206A, 0x206F},   Range{0xFEFF, 0xFEFF},
    Range{0xFFF9, 0xFFFC}, Range{0x1D173, 0x1D17A}, Range{0xE0000, 0xE007F},
};

bool is_control(char32_t c) {
  if (c >= 0x20 && c < 0x7F) return false;
  return std::any_of(controls.begin(), controls.end(), [c](Range range) {
    return c >= range.first && c <= range.last;
  });
}

template <class Replace>
std::u32string map_characters(std::u32string_view text, Replace&& replace) {
  std::u32string mapped;
  mapped.reserve(text.size());
  for (const char32_t c : text) replace(mapped, c);
  return mapped;
}

// The end of the terminal escape at `position`, or `position`.
std::size_t escape_end(std::u32string_view text, std::size_t position) {
  std::size_t i = position;
  if (text[i] != 0x1B || text.substr(i, 2) != U"\x1B[") return position;
  i += 2;
  while (i < text.size() &&
         (text[i] == U';' || category(text[i]) == U_DECIMAL_DIGIT_NUMBER))
    ++i;
  return i < text.size() && is_ascii_letter(text[i]) ? i + 1 : position;
}

}  // namespace

std::u32string remove_terminal_escapes(std::u32string_view text) {
  std::u32string kept;
  kept.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t end = escape_end(text, i);
    if (end == i)
      kept.push_back(text[i++]);
    else
      i = end;
  }
  return kept;
}

std::u32string split_ligatures(std::u32string_view text) {
  return map_characters(text, [](std::u32string& target, char32_t c) {
    const auto row = std::lower_bound(
        ligatures.begin(), ligatures.end(), c,
        [](const Ligature& a, char32_t b) { return a.character < b; });
    if (row != ligatures.end() && row->character == c)
      target += row->letters;
    else
      target.push_back(c);
  });
}

std::u32string normalize_width(std::u32string_view text) {
  return map_characters(text, [](std::u32string& target, char32_t c) {
    if (c == U'\u3000')
      target.push_back(U' ');
    else if (c >= 0xFF01 && c <= 0xFFEF)
      target += nfkc(c);
    else
      target.push_back(c);
  });
}

std::u32string straighten_quotes(std::u32string_view text) {
  return map_characters(text, [](std::u32string& target, char32_t c) {
    if (c == U'\u02BC' || (c >= 0x2018 && c <= 0x201B))
      target.push_back(U'\'');
    else if (c >= 0x201C && c <= 0x201F)
      target.push_back(U'"');
    else
      target.push_back(c);
  });
}

std::u32string unify_line_breaks(std::u32string_view text) {
  std::u32string unified;
  unified.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char32_t c = text[i];
    if (c == U'\r' && text.substr(i, 2) == U"\r\n") continue;
    const bool is_break = c == U'\r' || c == 0x85 || c == 0x2028 || c == 0x2029;
    unified.push_back(is_break ? U'\n' : c);
  }
  return unified;
}

std::u32string remove_controls(std::u32string_view text) {
  std::u32string kept(text);
  std::erase_if(kept, is_control);
  return kept;
}

}  // namespace igrot::text
