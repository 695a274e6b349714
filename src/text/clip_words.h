// Cutting cleaned text into the words that byte pairs are merged in.
//
// Source: the pattern of CLIP's simple_tokenizer.py.
#pragma once

#include <optional>
#include <string_view>

namespace igrot::text {

inline constexpr std::u32string_view start_of_text = U"<|startoftext|>";
inline constexpr std::u32string_view end_of_text = U"<|endoftext|>";

/// The next word at or after `position`, which moves behind it: a marker of
/// start or end, an English contraction, a run of letters, one number, or a
/// run of anything else but white space. Nothing at the end.
std::optional<std::u32string_view> next_clip_word(std::u32string_view text,
                                                  std::size_t& position);

}  // namespace igrot::text
