#include "picture_files.h"

#include <algorithm>
#include <string>
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
    // Bare names: a path takes ten times as much, and folders may be large.
    std::vector<std::string> inner;
    std::vector<std::string> files;
    std::error_code error;
    fs::directory_iterator entries(folder, error);
    while (!error && entries != fs::directory_iterator()) {
      sort_in(*entries, inner, files);
      entries.increment(error);
    }
    if (error) visitor_.unreadable(folder, error.message());
    std::ranges::sort(files);
    for (const auto& name : files) {
      if (visitor_.stopped()) return;
      file(folder / name);
    }
    std::ranges::sort(inner, std::greater());
    for (const auto& name : inner) folders.push_back(folder / name);
  }

  static void sort_in(const fs::directory_entry& entry,
                      std::vector<std::string>& folders,
                      std::vector<std::string>& files) {
    std::error_code error;
    auto name = entry.path().filename().string();
    if (fs::is_directory(entry.symlink_status(error))) {
      if (name != gallery_name) folders.push_back(std::move(name));
    } else if (entry.is_regular_file(error)) {
      files.push_back(std::move(name));
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
