// Where galleries lie.
#pragma once

#include <filesystem>

#include "session.h"

namespace igrot::app {

inline constexpr std::string_view gallery_name = ".igrot";

/// A folder for a gallery, and the folder whose pictures it is about.
struct GalleryPlace {
  std::filesystem::path folder;
  std::filesystem::path base;  ///< empty: the folder it lies in
};

/// For indexing `root`: --gallery; else .igrot in it; else, where it may not be
/// written to, a folder of its own among the user's data.
GalleryPlace place_for(const Session& session,
                       const std::filesystem::path& root);

/// For everything else: --gallery, or the folder that holds it; else the
/// nearest .igrot upwards from the working folder, or the user's gallery of one
/// of those folders. Throws Error: not_found.
std::filesystem::path find_gallery(const Session& session);

/// Whether a gallery lies in that very folder.
bool holds_gallery(const std::filesystem::path& folder);

}  // namespace igrot::app
