#include "text/text_cost.h"

#include <array>
#include <cstddef>
#include <initializer_list>
#include <string>

#include "text/character_class.h"
#include "text/normal_form.h"
#include "text/unicode.h"

namespace igrot::text {
namespace {

using enum CharacterClass;

constexpr bool is_any_of(CharacterClass c,
                         std::initializer_list<CharacterClass> classes) {
  for (const CharacterClass other : classes)
    if (c == other) return true;
  return false;
}

constexpr bool is_weird_pair(CharacterClass a, CharacterClass b) {
  // A mark is at home on letters without case and on other marks: what can
  // carry one elsewhere has a composed form.
  if (b == mark && a != uncased && a != mark) return true;

  const auto is_latin = [](CharacterClass c) {
    return is_any_of(c, {latin_upper, latin_other});
  };
  const auto is_foreign = [](CharacterClass c) {
    return is_any_of(c, {other_upper, other_lower, uncased});
  };
  if ((is_latin(a) && is_foreign(b)) || (is_foreign(a) && is_latin(b)))
    return true;

  // The phonetic alphabet has no capitals.
  const auto is_capital = [](CharacterClass c) {
    return is_any_of(c, {latin_upper, other_upper});
  };
  if ((is_capital(a) && b == phonetic) || (a == phonetic && is_capital(b)))
    return true;

  const auto keeps_to_itself = [](CharacterClass c) {
    return is_any_of(c, {mark, modifier_letter, number, mathematical, symbol});
  };
  return a != b && keeps_to_itself(a) && keeps_to_itself(b);
}

constexpr bool is_weird(CharacterClass c) {
  return is_any_of(c, {modifier_symbol, control, private_use, unassigned});
}

using PairTable =
    std::array<std::array<bool, character_class_count>, character_class_count>;

constexpr PairTable weird_pairs = [] {
  PairTable table{};
  for (std::size_t a = 0; a < character_class_count; ++a)
    for (std::size_t b = 0; b < character_class_count; ++b)
      table[a][b] = is_weird_pair(static_cast<CharacterClass>(a),
                                  static_cast<CharacterClass>(b));
  return table;
}();

// Pairs are counted without overlap, from the left, before single ones.
std::ptrdiff_t count_weird(std::u32string_view text) {
  std::ptrdiff_t found = 0;
  std::size_t i = 0;
  auto next = text.empty() ? other : classify(text[0]);
  while (i < text.size()) {
    const CharacterClass here = next;
    const bool has_next = i + 1 < text.size();
    if (has_next) next = classify(text[i + 1]);
    const bool pair = has_next && weird_pairs[static_cast<std::size_t>(here)]
                                             [static_cast<std::size_t>(next)];
    found += pair || is_weird(here);
    i += pair ? 2 : 1;
    if (pair && i < text.size()) next = classify(text[i]);
  }
  return found;
}

bool is_one_of(std::u32string_view characters, char32_t c) {
  return characters.find(c) != characters.npos;
}

bool is_c1(char32_t c) {
  return c >= 0x80 && c <= 0x9F;
}

bool is_word(char32_t c) {
  return c == U'_' || (U_MASK(category(c)) & (U_GC_L_MASK | U_GC_N_MASK)) != 0;
}

// What two-byte UTF-8 begins with in Latin-1, Windows-1252 or Windows-1250,
// for the commonest blocks (Latin-1, Greek, Cyrillic, Arabic), and what it may
// go on with; the closing ones only inside a word.
constexpr std::u32string_view two_byte_leads = U"ÂÃÎÏÐÑØÙĂĎĐŃŘŮ";
constexpr std::u32string_view two_byte_trails =
    U"€ƒ‚„†‡ˆ‰‹Œ“•˜œŸ¡¢£¤¥¦§¨ª«¬¯°±²³µ¶·¸¹º¼½¾¿ˇ˘˝";
constexpr std::u32string_view closing_trails = U"›»‘”´©™";

// The same for Hebrew, without what a multiplication sign may stand before.
constexpr std::u32string_view hebrew_trails =
    U"ƒ‚„†‡ˆ‰‹Œ“•˜œŸ¡¦§¨ª«¬¯°²³ˇ˘›‘”´©™";

// The same for Mac Roman.
constexpr std::u32string_view mac_leads = U"¬√";
constexpr std::u32string_view mac_trails =
    U"ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñúùûü†¢£§¶ß®©™≠ÆØ¥ªæø≤≥";
constexpr std::u32string_view mac_trails_in_words = U"±∂";

// Punctuation in Windows-1251: the third character.
constexpr std::u32string_view cyrillic_trails = U"љћ¦°№™ќ“”";

// Length of the wrongly read sequence at the start of `text`; 0: none.
std::size_t mojibake_size(std::u32string_view text) {
  const auto at = [&](std::size_t i) {
    return i < text.size() ? text[i] : U'\0';
  };
  const auto is_word_at = [&](std::size_t i) {
    return i < text.size() && is_word(text[i]);
  };
  if (at(0) < 0x80 && at(1) != U'√') return 0;
  if (is_one_of(two_byte_leads, at(0))) {
    if (is_c1(at(1)) || is_one_of(two_byte_trails, at(1))) return 2;
    if (is_one_of(closing_trails, at(1)) && is_word_at(2)) return 3;
  }
  if (at(0) == U'×' && (is_c1(at(1)) || is_one_of(hebrew_trails, at(1))))
    return 2;
  if (is_one_of(mac_leads, at(0)) && is_one_of(mac_trails, at(1))) return 2;
  if (at(1) == U'√' && is_one_of(mac_trails_in_words, at(2)) && is_word_at(0) &&
      is_word_at(3))
    return 4;
  if (at(0) == U'◊') return 1;
  if (is_one_of(U"ðđ", at(0)) && is_one_of(U"Ÿ\u009F", at(1))) return 2;
  if (text.starts_with(U"â€")) return 2;
  if (text.starts_with(U"вЂ") && is_one_of(cyrillic_trails, at(2))) return 3;
  return 0;
}

std::ptrdiff_t count_mojibake(std::u32string_view text) {
  std::ptrdiff_t found = 0;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t size = mojibake_size(text.substr(i));
    found += size > 0;
    i += size > 0 ? size : 1;
  }
  return found;
}

std::ptrdiff_t count_common(std::u32string_view text) {
  constexpr std::u32string_view common = U"…—–‘“’”¡¿°™®‹›«»\u00A0´×ß\uFEFF";
  std::ptrdiff_t found = 0;
  for (const char32_t c : text) found += c >= 0x80 && is_one_of(common, c);
  return found;
}

}  // namespace

std::ptrdiff_t text_cost(std::u32string_view text) {
  const std::u32string composed = nfc(text);
  return static_cast<std::ptrdiff_t>(text.size()) + 2 * count_weird(composed) +
         2 * count_mojibake(composed) - count_common(composed);
}

}  // namespace igrot::text
