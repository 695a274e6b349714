// Throwing an Error with a formatted message.
#pragma once

#include <fmt/format.h>

#include <utility>

#include "igrot/error.h"

namespace igrot {

/// Throws Error of the given kind; the message is formatted as fmt does.
template <class... Args>
[[noreturn]] void fail(ErrorKind kind, fmt::format_string<Args...> format,
                       Args&&... args) {
  throw Error(kind, fmt::format(format, std::forward<Args>(args)...));
}

/// Runs `body`; an Error leaving it gets `place` put before its message.
template <class Body>
decltype(auto) at(std::string_view place, Body&& body) {
  try {
    return std::forward<Body>(body)();
  } catch (const Error& error) {
    throw error.at(place);
  }
}

}  // namespace igrot
