// Text files of data sets, which are foreign: read whole, taken line by line.
#pragma once

#include <filesystem>
#include <functional>
#include <string_view>
#include <vector>

namespace igrot {

/// The content of a file of at most 2 GiB. Throws Error: not_found,
/// unsupported (larger, not a regular file), io.
std::vector<std::byte> read_list_file(const std::filesystem::path& file);

/// Calls take(line) for every line that is not blank. An Error leaving `take`
/// gets "FILE: line N" put before it. Throws Error: as `read_list_file`.
void for_each_line(const std::filesystem::path& file,
                   const std::function<void(std::string_view)>& take);

/// `name` as a path below `root`; absolute names stay. Throws Error: corrupt
/// (empty, or with a zero byte), naming `what`.
std::filesystem::path picture_path(const std::filesystem::path& root,
                                   std::string_view name,
                                   std::string_view what);

/// Whether a name is a path that stays below the folder it starts from: not
/// empty, relative, without a zero byte, and `..` leads nowhere above. Links
/// are not looked at.
bool stays_inside(std::string_view name);

/// `name` as a path below `root`. Throws Error: corrupt (see `stays_inside`).
std::filesystem::path inside_path(const std::filesystem::path& root,
                                  const std::string& name);

}  // namespace igrot
