// Files of assets/ that are part of the program: no path to find at run time.
#pragma once

#include <string_view>

#include "base/bytes.h"

namespace igrot::text {

/// CLIP's merges, gzip: a version line, then one pair of symbols a line.
Bytes clip_merges();

/// BERT's word pieces, one a line; the line number is the id.
std::string_view bert_vocabulary();

/// HTML's named character references: "name hex [hex]" a line, sorted.
std::string_view html_entities();

}  // namespace igrot::text
