// Bringing a gallery up to date with the files of some folders.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "gallery_model.h"
#include "igrot/gallery.h"
#include "session.h"

namespace igrot::app {

/// A file or folder without a vector, and why.
struct SkippedFile {
  std::filesystem::path path;
  Skip skip;
};

/// Every file of the walk counts once: here, or among the skipped ones.
struct IndexCounts {
  std::size_t added = 0;
  std::size_t changed = 0;
  std::size_t moved = 0;
  std::size_t deleted = 0;
  std::size_t unchanged = 0;
};

struct Indexed {
  std::filesystem::path gallery;
  std::filesystem::path model;
  IndexCounts counts;
  std::size_t done = 0;  ///< of the files that needed work
  std::size_t wanted = 0;
  std::size_t total = 0;             ///< pictures in the gallery
  std::vector<SkippedFile> skipped;  ///< in the folders of this call
  double seconds = 0;
};

struct IndexRequest {
  std::vector<std::filesystem::path> roots;
  std::filesystem::path gallery;
  std::filesystem::path base;
};

/// Finds new, changed, moved and deleted files and commits batch by batch, so
/// that whatever ends it, the next call goes on from there. Ends early, without
/// an Error, when the session is stopped. Memory does not grow with the number
/// of files, but for the list of skipped ones.
/// Throws Error: not_found (a root), usage (another model made the gallery),
/// and what loading the model throws.
Indexed index_pictures(const Session& session, const IndexRequest& request);

}  // namespace igrot::app
