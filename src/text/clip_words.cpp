#include "text/clip_words.h"

#include <array>

#include "text/unicode.h"

namespace igrot::text {
namespace {

// In the order of the pattern: the first that fits is taken.
constexpr std::array<std::u32string_view, 9> literals{
    start_of_text, end_of_text, U"'s",  U"'t", U"'re",
    U"'ve",        U"'m",       U"'ll", U"'d"};

// The pattern ignores case. Lower-cased text has one character left that only
// case-folding makes a letter of the literals: the long s.
bool begins_with(std::u32string_view text, std::u32string_view literal) {
  if (text.size() < literal.size()) return false;
  for (std::size_t i = 0; i < literal.size(); ++i) {
    const char32_t c = text[i] == U'ſ' ? U's' : text[i];
    if (c != literal[i]) return false;
  }
  return true;
}

// Ignoring case, the iota below is the letter iota to the pattern's negated set
// but no letter to \p{L}: it belongs to no word and is passed over.
constexpr char32_t iota_below = 0x345;

bool is_other(char32_t c) {
  return !is_white_space(c) && !is_letter(c) && !is_number(c) &&
         c != iota_below;
}

template <class Predicate>
std::size_t run_size(std::u32string_view text, Predicate&& belongs) {
  std::size_t size = 0;
  while (size < text.size() && belongs(text[size])) ++size;
  return size;
}

// Size of the word at the start of `text`; 0: none begins there.
std::size_t word_size(std::u32string_view text) {
  for (const auto literal : literals)
    if (begins_with(text, literal)) return literal.size();
  if (const std::size_t size = run_size(text, is_letter)) return size;
  if (is_number(text[0])) return 1;
  return run_size(text, is_other);
}

}  // namespace

std::optional<std::u32string_view> next_clip_word(std::u32string_view text,
                                                  std::size_t& position) {
  for (; position < text.size(); ++position) {
    const std::size_t size = word_size(text.substr(position));
    if (size == 0) continue;
    const auto word = text.substr(position, size);
    position += size;
    return word;
  }
  return std::nullopt;
}

}  // namespace igrot::text
