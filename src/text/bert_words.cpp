#include "text/bert_words.h"

#include "text/normal_form.h"
#include "text/unicode.h"

namespace igrot::text {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// Ideographs, each of which is a word; kana and hangul are not among them.
constexpr std::array ideographs{
    Range{0x4E00, 0x9FFF},   Range{0x3400, 0x4DBF},   Range{0x20000, 0x2A6DF},
    Range{0x2A700, 0x2B73F}, Range{0x2B740, 0x2B81F}, Range{0x2B820, 0x2CEAF},
    Range{0xF900, 0xFAFF},   Range{0x2F800, 0x2FA1F},
};

bool is_ideograph(char32_t c) {
  if (c < ideographs[1].first) return false;
  for (const Range& range : ideographs)
    if (c >= range.first && c <= range.last) return true;
  return false;
}

bool is_separator(char32_t c) {
  if (c == U'\t' || c == U'\n' || c == U'\r') return true;
  return (U_MASK(category(c)) & U_GC_Z_MASK) != 0;
}

// Controls, formats, private use and what is unassigned.
bool is_dropped(char32_t c) {
  return c == U'\uFFFD' || (U_MASK(category(c)) & U_GC_C_MASK) != 0;
}

bool is_punctuation(char32_t c) {
  const bool ascii_symbol = (c >= 33 && c <= 47) || (c >= 58 && c <= 64) ||
                            (c >= 91 && c <= 96) || (c >= 123 && c <= 126);
  return ascii_symbol || (U_MASK(category(c)) & U_GC_P_MASK) != 0;
}

const SpecialToken* special_at(std::u32string_view text) {
  if (text.empty() || text[0] != U'[') return nullptr;
  for (const SpecialToken& token : bert_special_tokens)
    if (text.starts_with(token.text)) return &token;
  return nullptr;
}

std::u32string without_accents(std::u32string_view word) {
  std::u32string plain = nfd(word);
  std::erase_if(plain, [](char32_t c) {
    return c >= 0x80 && category(c) == U_NON_SPACING_MARK;
  });
  return plain;
}

}  // namespace

// Up to white space, a special token or an ideograph, or one ideograph.
// Lower-casing comes first and takes each character by itself.
std::u32string BertWords::take_raw_word() {
  std::u32string word;
  while (!rest_.empty() && !special_at(rest_)) {
    const char32_t c = rest_[0];
    const bool ideograph = is_ideograph(c) && !is_dropped(c);
    if (ideograph && !word.empty()) break;
    rest_.remove_prefix(1);
    if (ideograph) return std::u32string(1, c);
    if (is_separator(c)) break;
    if (!is_dropped(c)) append_lower(word, c);
  }
  return word;
}

bool BertWords::take_special(BertWord& word) {
  word.special = special_at(rest_);
  if (!word.special) return false;
  word.text = word.special->text;
  rest_.remove_prefix(word.text.size());
  return true;
}

bool BertWords::next(BertWord& word) {
  while (position_ == word_.size()) {
    if (take_special(word)) return true;
    if (rest_.empty()) return false;
    word_ = without_accents(take_raw_word());
    position_ = 0;
  }
  word.special = nullptr;
  std::size_t end = position_ + 1;
  if (!is_punctuation(word_[position_]))
    while (end < word_.size() && !is_punctuation(word_[end])) ++end;
  word.text.assign(word_, position_, end - position_);
  position_ = end;
  return true;
}

}  // namespace igrot::text
