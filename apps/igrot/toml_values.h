// A flat TOML file as text values. The heavy header stays in one source file.
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace igrot::app {

/// Keys and values of the file; booleans read as yes and no. Throws Error:
/// usage (not TOML, a table or list as a value), not_found, io.
std::map<std::string, std::string> read_toml(const std::filesystem::path& path);

}  // namespace igrot::app
