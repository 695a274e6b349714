#include "picture_files.h"

#include <algorithm>
#include <vector>

#include "base/fail.h"
#include "gallery_place.h"
#include "picture_signature.h"

namespace igrot::app {
namespace {

namespace fs = std::filesystem;

class Walk {
 public:
  explicit Walk(const WalkVisitor& visitor) : visitor_(visitor) {}

  // A list of folders instead of recursion: depth is up to the disk. Taken from
  // the end, so folders are put there last name first.
  void tree(const fs::path& top) {
    std::vector<fs::path> folders{top};
    while (!folders.empty()) {
      if (visitor_.stopped()) return;
      const auto folder = std::move(folders.back());
      folders.pop_back();
      list(folder, folders);
    }
    if (!visitor_.stopped()) visitor_.walked(top);
  }

  void file(const fs::path& path) const {
    if (is_meant_as_picture(path)) visitor_.file(path);
  }

 private:
  void list(const fs::path& folder, std::vector<fs::path>& folders) const {
    std::vector<fs::path> inner;
    std::vector<fs::path> files;
    std::error_code error;
    fs::directory_iterator entries(folder, error);
    while (!error && entries != fs::directory_iterator()) {
      sort_in(*entries, inner, files);
      entries.increment(error);
    }
    if (error) visitor_.unreadable(folder, error.message());
    std::ranges::sort(files);
    for (const auto& path : files) {
      if (visitor_.stopped()) return;
      file(path);
    }
    std::ranges::sort(inner, std::greater());
    std::ranges::move(inner, std::back_inserter(folders));
  }

  static void sort_in(const fs::directory_entry& entry,
                      std::vector<fs::path>& folders,
                      std::vector<fs::path>& files) {
    std::error_code error;
    if (fs::is_directory(entry.symlink_status(error))) {
      if (entry.path().filename() != gallery_name)
        folders.push_back(entry.path());
    } else if (entry.is_regular_file(error)) {
      files.push_back(entry.path());
    }
  }

  const WalkVisitor& visitor_;
};

}  // namespace

void walk_pictures(const fs::path& root, const WalkVisitor& visitor) {
  std::error_code error;
  const auto path = fs::weakly_canonical(root, error);
  const auto status = fs::status(path, error);
  if (!fs::exists(status))
    fail(ErrorKind::not_found, "{}: no such file or folder", root.string());
  Walk walk(visitor);
  if (fs::is_directory(status))
    walk.tree(path);
  else
    walk.file(path);
}

}  // namespace igrot::app
