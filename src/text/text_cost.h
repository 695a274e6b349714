// How wrong a text looks: what decides between two readings of its bytes.
//
// Source: ftfy 5.8.
#pragma once

#include <cstddef>
#include <string_view>

namespace igrot::text {

/// Its length, plus 2 for each pair of characters that seldom meet and each
/// sequence known from wrongly read text, less 1 for each symbol that such
/// text has but right text has often too. Lower is better.
std::ptrdiff_t text_cost(std::u32string_view text);

}  // namespace igrot::text
