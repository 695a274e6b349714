// Named choices of options that are no settings: those of the plumbing verbs,
// whose defaults stand in no configuration file.
#pragma once

#include <string>
#include <string_view>

#include "base/fail.h"
#include "igrot/settings.h"

namespace igrot::app {

/// The choice of that name. Throws Error: usage, naming the option and what it
/// takes.
template <class Choice, std::size_t size>
Choice choose(const std::array<Named<Choice>, size>& table,
              const std::string& name, std::string_view option) {
  if (const auto choice = find_choice(table, name)) return *choice;
  std::string names;
  for (const auto& row : table)
    names += (names.empty() ? "" : ", ") + std::string(row.name);
  fail(ErrorKind::usage, "{} is '{}', expected one of {}", option, name, names);
}

/// Of --precision. Throws Error: usage, unsupported (int8).
inline Precision precision_named(const std::string& name) {
  if (name == "int8")
    fail(ErrorKind::unsupported, "--precision int8 is not in this build");
  return choose(precisions, name, "--precision");
}

}  // namespace igrot::app
