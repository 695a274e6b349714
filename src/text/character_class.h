// The classes of characters by which text is judged for looking wrong.
//
// Source: ftfy 5.8, whose table was made from Unicode 12.1.
#pragma once

#include <cstdint>

namespace igrot::text {

enum class CharacterClass : std::uint8_t {
  latin_upper,
  latin_other,
  other_upper,
  other_lower,
  uncased,
  phonetic,
  control,
  modifier_letter,
  mark,
  number,
  private_use,
  mathematical,
  modifier_symbol,
  symbol,
  surrogate,
  unassigned,
  space,
  other,
};
inline constexpr std::size_t character_class_count = 18;

CharacterClass classify(char32_t c);

}  // namespace igrot::text
