// The pictures of a folder, in an order that every file system agrees on.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace igrot {

/// Whether the name ends as names of pictures do.
bool has_picture_ending(const std::filesystem::path& file);

/// The pictures in `folder` and in folders below it, by name. Hidden files and
/// folders are left out, links to folders are not followed. Throws Error:
/// not_found (no such folder), io.
std::vector<std::filesystem::path> list_pictures(
    const std::filesystem::path& folder);

/// The folders right below `folder`, by name; hidden ones are left out. Links
/// are followed. Throws Error: likewise.
std::vector<std::filesystem::path> list_folders(
    const std::filesystem::path& folder);

/// Whether a name holds *, ? or [.
bool is_pattern(const std::string& name);

/// The files below `root` that the pattern matches, by name, whatever their
/// ending: * and ? stand for anything but a slash. Throws Error: not_found
/// (the folder before the pattern is not there), io.
std::vector<std::filesystem::path> match_files(
    const std::filesystem::path& root, const std::string& pattern);

}  // namespace igrot
