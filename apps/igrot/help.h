// What `-h` prints, within 80 columns.
#pragma once

#include <string>
#include <string_view>

#include "verb.h"

namespace igrot::app {

/// All verbs under their headings.
std::string main_help();

/// The verbs that share a first word: "gallery", "model".
std::string group_help(std::string_view first_word);

/// Arguments, options and examples of one verb, as declared in `command`.
std::string verb_help(const Verb& verb, const CLI::App& command);

}  // namespace igrot::app
