// What the program returns to the shell.
#pragma once

namespace igrot::app {

/// Besides these, each row of `error_kinds` (igrot/error.h) has its code.
inline constexpr int exit_done = 0;
inline constexpr int exit_own_fault = 1;
inline constexpr int exit_skipped = 7;  ///< with --strict only
inline constexpr int exit_interrupted = 130;

}  // namespace igrot::app
