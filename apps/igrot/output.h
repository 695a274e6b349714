// Results on stdout. What the system refuses to take is an Error, so that a
// full disk does not pass for success.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "igrot/error.h"

namespace igrot::app {

/// Keeps the order in which fields are put in.
using Json = nlohmann::ordered_json;

/// Bytes that are not UTF-8 become U+FFFD. indent < 0: one line.
std::string json_text(const Json& json, int indent = -1);

/// Throws Error: io.
void print(std::string_view text);

/// The value and a line end. Throws Error: io.
void print_json(const Json& json, int indent = -1);

/// What stands for a file's result where it failed: {"file", "error", "kind"}.
Json failure_line(const std::string& file, const Error& error);

/// Throws Error: io when anything printed so far did not get out.
void flush_output();

}  // namespace igrot::app
