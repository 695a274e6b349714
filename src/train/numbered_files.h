// Files of a folder that are named by the step they are of.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace igrot {

/// "step-00000500.safetensors"
std::string numbered_name(std::size_t step, std::string_view ending);

/// The numbered files of a folder with that ending, newest first; none where
/// there is no folder.
std::vector<std::filesystem::path> numbered_files(
    const std::filesystem::path& folder, std::string_view ending);

/// Removes all but the `keep` newest.
void drop_older(const std::filesystem::path& folder, std::string_view ending,
                std::size_t keep);

}  // namespace igrot
