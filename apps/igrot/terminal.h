// What is known about the terminal, and text that is safe to show on one.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace igrot::app {

struct Terminal {
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  bool colour = false;  ///< stdout is a terminal that shows colours
  std::size_t columns = 80;
};

/// Asks the system about stdout and stderr. `no_colour`: NO_COLOR is set.
Terminal inspect_terminal(bool no_colour);

/// Text with everything a terminal might obey escaped: controls, escape
/// sequences, marks that turn the writing direction, bytes that are not UTF-8.
std::string printable(std::string_view text);

/// How many characters a UTF-8 text has, near enough for aligning columns.
std::size_t character_count(std::string_view text);

/// `text` between escape sequences of that style ("1" bold, "2" faint), or bare
/// when `colour` is off.
std::string styled(std::string_view text, std::string_view style, bool colour);

}  // namespace igrot::app
