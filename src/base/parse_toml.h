// Reading TOML texts of strangers. Whoever includes it links toml++.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include <toml++/toml.h>

#include "base/fail.h"

namespace igrot {

/// Refuses keys of more than 64 parts ("a.a.a..."): of each part toml++ 3.2
/// makes a table in a table, without the limit that it has for brackets, and
/// ends where the stack does. Dots within a text count as well. Throws Error:
/// usage.
inline void check_toml_nesting(std::string_view toml) {
  constexpr std::ptrdiff_t limit = 64;
  while (!toml.empty()) {
    const auto part = toml.substr(0, toml.find_first_of("=,[]{}\n"));
    if (std::ranges::count(part, '.') > limit)
      fail(ErrorKind::usage, "more than {} dots in a row: '{}...'", limit,
           part.substr(0, 40));
    toml.remove_prefix(std::min(part.size() + 1, toml.size()));
  }
}

/// Throws Error: usage (not TOML, naming the line; nested too deep).
inline toml::table parse_toml(std::string_view text) {
  check_toml_nesting(text);
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    fail(ErrorKind::usage, "line {}: {}", error.source().begin.line,
         error.description());
  }
}

}  // namespace igrot
