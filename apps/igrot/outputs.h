// Names of the files a verb writes.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace igrot::app {

/// folder/stem + extension for each input; makes the folder. Throws Error:
/// usage (two inputs would share a name), io.
std::vector<std::filesystem::path> output_names(
    const std::vector<std::string>& inputs, const std::filesystem::path& folder,
    std::string_view extension);

/// Throws Error: io.
void make_folder(const std::filesystem::path& folder);

}  // namespace igrot::app
