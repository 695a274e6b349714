// One row of the table of verbs.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <span>
#include <string_view>

#include "session.h"

namespace igrot::app {

/// Does what the parsed options say; returns the exit code. Throws Error.
using Run = std::function<int()>;

struct Verb {
  std::string_view name;      ///< "index", "gallery check"
  std::string_view section;   ///< its heading in `igrot -h`
  std::string_view summary;   ///< one line
  std::string_view examples;  ///< what `igrot VERB -h` ends with
  /// Adds the verb's options and returns what runs once they are parsed.
  Run (*declare)(CLI::App& command, Session& session);
};

/// A verb whose name is known but that this build does not have.
struct LaterVerb {
  std::string_view name;
  std::string_view what;
};

/// All verbs, in the order of the help.
std::span<const Verb> verbs();
std::span<const LaterVerb> later_verbs();

// Options that several verbs have.
void offer_json(CLI::App& command, Session& session);
void offer_json_lines(CLI::App& command, Session& session);
void offer_strict(CLI::App& command, Session& session);

/// An option that may be given several times, one value each time.
CLI::Option* add_repeatable(CLI::App& command, const std::string& name,
                            std::vector<std::string>& values,
                            const std::string& help);

}  // namespace igrot::app
