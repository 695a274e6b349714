// The one exception of the library, and the table of its kinds.
#pragma once

#include <array>
#include <stdexcept>
#include <string>
#include <string_view>

namespace igrot {

/// What went wrong, as a caller would sort it.
enum class ErrorKind {
  usage,        ///< the caller's argument or setting is wrong
  not_found,    ///< no such file, tensor or item
  corrupt,      ///< bytes contradict their format
  unsupported,  ///< valid, but not handled here
  io,           ///< the system refused
};

/// One row a kind: its name in messages and JSON, and the exit code of the
/// program.
struct ErrorKindRow {
  ErrorKind kind;
  std::string_view name;
  int exit_code;
};

inline constexpr std::array error_kinds{
    ErrorKindRow{ErrorKind::usage, "usage", 2},
    ErrorKindRow{ErrorKind::not_found, "not_found", 3},
    ErrorKindRow{ErrorKind::corrupt, "corrupt", 4},
    ErrorKindRow{ErrorKind::unsupported, "unsupported", 5},
    ErrorKindRow{ErrorKind::io, "io", 6},
};

/// The row of a kind.
constexpr const ErrorKindRow& describe(ErrorKind kind) {
  return error_kinds[static_cast<std::size_t>(kind)];
}

/// Every failure the library reports. `what()` is one sentence that says where,
/// what was expected and what was found.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message)
      : std::runtime_error(message), kind_(kind) {}

  ErrorKind kind() const noexcept { return kind_; }

  /// The same failure with an outer place put before it: "place: message".
  Error at(std::string_view place) const {
    return {kind_, std::string(place) + ": " + what()};
  }

 private:
  ErrorKind kind_;
};

}  // namespace igrot
