#include "text/character_class.h"

#include <unicode/uscript.h>

#include <string_view>

#include "text/unicode.h"

namespace igrot::text {
namespace {

using enum CharacterClass;

// Characters that people use as punctuation whatever their category says.
constexpr std::u32string_view decoration = U"^~`´˝＾｀";

// Whether the character's name begins with LATIN. The script alone would also
// take in modifier letters, full-width letters, the ordinal indicators and a
// few signs.
bool is_named_latin(char32_t c) {
  UErrorCode status = U_ZERO_ERROR;
  const auto code = static_cast<UChar32>(c);
  if (uscript_getScript(code, &status) != USCRIPT_LATIN) return false;
  char name[128];
  status = U_ZERO_ERROR;
  const auto size =
      u_charName(code, U_UNICODE_CHAR_NAME, name, sizeof name, &status);
  return U_SUCCESS(status) &&
         std::string_view(name, static_cast<std::size_t>(size))
             .starts_with("LATIN");
}

CharacterClass classify_letter(char32_t c, UCharCategory category) {
  if (is_named_latin(c))
    return category == U_UPPERCASE_LETTER ? latin_upper : latin_other;
  switch (category) {
    case U_LOWERCASE_LETTER:
      return other_lower;
    case U_MODIFIER_LETTER:
      return modifier_letter;
    case U_OTHER_LETTER:
      return uncased;
    default:
      return other_upper;
  }
}

CharacterClass classify_other(char32_t c, UCharCategory category) {
  switch (category) {
    case U_OTHER_NUMBER:
      return number;
    case U_MATH_SYMBOL:
    case U_CURRENCY_SYMBOL:
      return mathematical;
    case U_MODIFIER_SYMBOL:
      return modifier_symbol;
    case U_OTHER_SYMBOL:
      return symbol;
    case U_CONTROL_CHAR:
      return control;
    case U_SURROGATE:
      return surrogate;
    case U_PRIVATE_USE_CHAR:
      return private_use;
    case U_SPACE_SEPARATOR:
    case U_LINE_SEPARATOR:
    case U_PARAGRAPH_SEPARATOR:
      return space;
    default:
      break;
  }
  // A block that emoji are added to: what is not there yet counts as one.
  if (c >= 0x1F000 && c <= 0x1FFFF) return symbol;
  return category == U_UNASSIGNED ? unassigned : other;
}

}  // namespace

CharacterClass classify(char32_t c) {
  constexpr UnicodeVersion table_version{12, 1};
  constexpr char32_t schwa = 0x259;  // a letter of several alphabets
  if (decoration.find(c) != decoration.npos) return other;
  if (c == U'\t' || c == U'\n' || c == U'\f' || c == U'\r') return space;
  if (c >= 0x250 && c < 0x300 && c != schwa) return phonetic;
  const UCharCategory category = text::category(c, table_version);
  const std::uint32_t mask = U_MASK(category);
  if (mask & U_GC_L_MASK) return classify_letter(c, category);
  const bool is_variation_selector = c >= 0xFE00 && c <= 0xFE0F;
  const bool is_skin_tone = c >= 0x1F3FB && c <= 0x1F3FF;
  if (is_variation_selector || is_skin_tone) return symbol;
  if (mask & U_GC_M_MASK) return mark;
  return classify_other(c, category);
}

}  // namespace igrot::text
