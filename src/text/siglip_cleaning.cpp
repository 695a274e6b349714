#include "text/siglip_cleaning.h"

#include "text/unicode.h"

namespace igrot::text {
namespace {

constexpr char32_t piece_space = 0x2581;

bool is_ascii_punctuation(char32_t c) {
  return c > U' ' && c < 0x7F && !is_ascii_digit(c) && !is_ascii_letter(c);
}

}  // namespace

std::u32string clean_for_siglip(std::u32string_view text) {
  std::u32string clean;
  bool is_apart = false;
  for (const auto c : lower(text)) {
    if (is_ascii_punctuation(c)) continue;
    if (c == piece_space || is_python_space(c)) {
      is_apart = true;
      continue;
    }
    if (is_apart && !clean.empty()) clean.push_back(U' ');
    is_apart = false;
    clean.push_back(c);
  }
  return clean;
}

}  // namespace igrot::text
