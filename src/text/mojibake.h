// Text that was UTF-8, was read in a single-byte encoding, and still shows it.
//
// Source: fix_encoding of ftfy 5.8.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "text/single_byte.h"
#include "text/work_limit.h"

namespace igrot::text {

/// One reading undone: the text before it, and what assuming so costs.
struct Reading {
  std::u32string text;
  int cost = 0;
};

/// Undoes the wrong readings of a text.
class MojibakeFixer {
 public:
  /// The text as it was before all readings that can be undone, or the version
  /// on the way there that looks least wrong.
  std::u32string fix(std::u32string_view text, WorkLimit& limit) const;

 private:
  std::optional<Reading> undo_one(std::u32string_view text) const;
  std::optional<Reading> undo_utf8(std::u32string_view text,
                                   std::size_t encoding) const;

  SingleByteEncodings encodings_;
};

}  // namespace igrot::text
