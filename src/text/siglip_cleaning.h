// What SigLIP's tokenizers do to a text before its pieces are cut.
// Source: transformers' SiglipTokenizer; big_vision's SigLIP 2.
#pragma once

#include <string>
#include <string_view>

namespace igrot::text {

/// SigLIP: lower case, no ASCII punctuation, white space to single spaces, none
/// at the ends. U+2581, which stands for a space inside a piece, is one.
std::u32string clean_for_siglip(std::u32string_view text);

}  // namespace igrot::text
