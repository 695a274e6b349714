// HTML's character references, in the two readings that CLIP's cleaning needs.
//
// Sources: Python's html.unescape (the HTML standard's rules), and the stricter
// one of ftfy 5.8.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace igrot::text {

/// The named references of HTML.
class Entities {
 public:
  Entities();

  /// What a name stands for: without the ampersand, with its semicolon.
  std::optional<std::u32string_view> find(std::string_view name) const;

 private:
  struct Row {
    std::string_view name;
    char32_t text[2];
    std::uint8_t size;
  };
  std::vector<Row> rows_;
};

/// Replaces references as a browser would: "&amp" and "&notit;" too (the
/// longest known start of the name is taken), numeric ones always.
std::u32string unescape(const Entities& entities, std::u32string_view text);

/// Replaces only what ends in a semicolon and is known as a whole; also
/// upper-cased spellings of all-lower-case names, which give upper case
/// (&EACUTE; is U+00C9).
std::u32string unescape_complete(const Entities& entities,
                                 std::u32string_view text);

}  // namespace igrot::text
