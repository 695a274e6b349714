// UTF-8 as programs really write it: strict, or with the slips of CESU-8
// (surrogates encoded one by one) and of Java (U+0000 as C0 80).
//
// Source: the codec "utf-8-variants" of ftfy 5.8, including what it does at the
// end of its input.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace igrot::text {

/// The text, if the bytes are well-formed UTF-8.
std::optional<std::u32string> decode_strict(std::string_view bytes);

/// The text, if the bytes are UTF-8, CESU-8 or Java's, in any mixture.
std::optional<std::u32string> decode_variants(std::string_view bytes);

}  // namespace igrot::text
