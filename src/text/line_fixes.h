// The small repairs that ftfy 5.8 makes to a line, each by itself.
#pragma once

#include <string>
#include <string_view>

namespace igrot::text {

/// Drops ESC [ digits-or-semicolons letter: colours of a terminal.
std::u32string remove_terminal_escapes(std::u32string_view text);

/// Two-letter and ligature characters of Latin become their letters.
std::u32string split_ligatures(std::u32string_view text);

/// Full-width and half-width forms become the ordinary ones.
std::u32string normalize_width(std::u32string_view text);

/// Curly quotation marks become ' and ".
std::u32string straighten_quotes(std::u32string_view text);

/// CR LF, CR, U+0085, U+2028 and U+2029 become LF.
std::u32string unify_line_breaks(std::u32string_view text);

/// Drops controls that have no place in text; C1 controls, joiners and
/// direction marks stay.
std::u32string remove_controls(std::u32string_view text);

}  // namespace igrot::text
