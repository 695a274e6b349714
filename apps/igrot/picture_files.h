// Walking over the picture files below some folders.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace igrot::app {

/// What a walk tells as it goes; all must be set.
struct WalkVisitor {
  /// A file meant as a picture; absolute. May be told twice.
  std::function<void(const std::filesystem::path&)> file;
  /// A folder whose files were all told, as were those below it.
  std::function<void(const std::filesystem::path&)> walked;
  /// A folder that could not be listed, and why.
  std::function<void(const std::filesystem::path&, const std::string&)>
      unreadable;
  /// Asked from time to time; true ends the walk early.
  std::function<bool()> stopped;
};

/// Tells all files meant as pictures in `root` (a folder, or a file) and below,
/// in the order of their names. Links to files are followed, links to folders
/// are not; folders named .igrot are left out; nothing but regular files is
/// opened. Throws Error: not_found.
void walk_pictures(const std::filesystem::path& root,
                   const WalkVisitor& visitor);

}  // namespace igrot::app
