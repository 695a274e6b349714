#include "data/picture_listing.h"

#include <fnmatch.h>

#include <algorithm>
#include <array>

#include "base/fail.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;

constexpr auto endings = std::to_array<std::string_view>(
    {".jpg",  ".jpeg", ".jpe",  ".jfif", ".png",  ".apng", ".gif",
     ".webp", ".bmp",  ".dib",  ".tif",  ".tiff", ".ppm",  ".pgm",
     ".pbm",  ".pnm",  ".heic", ".heif", ".avif", ".jxl",  ".dng"});

bool is_hidden(const fs::path& file) {
  return file.filename().native().starts_with('.');
}

[[noreturn]] void refuse(const fs::path& folder, const std::error_code& error) {
  if (error == std::errc::no_such_file_or_directory ||
      error == std::errc::not_a_directory)
    fail(ErrorKind::not_found, "{}: no such folder", folder.string());
  fail(ErrorKind::io, "{}: cannot list the folder: {}", folder.string(),
       error.message());
}

/// Every file below the folder that `is_wanted`, by name.
template <class Wanted>
std::vector<fs::path> walk(const fs::path& folder, const Wanted& is_wanted) {
  std::vector<fs::path> files;
  std::error_code error;
  fs::recursive_directory_iterator entries(folder, error);
  while (!error && entries != fs::recursive_directory_iterator()) {
    std::error_code ignored;
    if (is_hidden(entries->path()))
      entries.disable_recursion_pending();
    else if (is_wanted(entries->path()) && entries->is_regular_file(ignored))
      files.push_back(entries->path());
    entries.increment(error);
  }
  if (error) refuse(folder, error);
  std::ranges::sort(files);
  return files;
}

}  // namespace

bool has_picture_ending(const fs::path& file) {
  auto ending = file.extension().string();
  for (auto& c : ending)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return std::ranges::find(endings, ending) != endings.end();
}

std::vector<fs::path> list_pictures(const fs::path& folder) {
  return walk(folder, has_picture_ending);
}

std::vector<fs::path> list_folders(const fs::path& folder) {
  std::vector<fs::path> folders;
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  while (!error && entries != fs::directory_iterator()) {
    std::error_code ignored;
    if (!is_hidden(entries->path()) && entries->is_directory(ignored))
      folders.push_back(entries->path());
    entries.increment(error);
  }
  if (error) refuse(folder, error);
  std::ranges::sort(folders);
  return folders;
}

bool is_pattern(const std::string& name) {
  return name.find_first_of("*?[") != std::string::npos;
}

std::vector<fs::path> match_files(const fs::path& root,
                                  const std::string& pattern) {
  const auto fixed = pattern.substr(0, pattern.find_first_of("*?["));
  const auto folder = root / fixed.substr(0, fixed.find_last_of('/') + 1);
  const auto whole = (root / pattern).lexically_normal().string();
  // The root's own name is no pattern.
  const auto before = root.lexically_normal().string().size();
  return walk(folder.lexically_normal(), [&](const fs::path& file) {
    const auto name = file.string();
    return name.size() >= before &&
           fnmatch(whole.c_str() + before, name.c_str() + before,
                   FNM_PATHNAME | FNM_PERIOD) == 0;
  });
}

}  // namespace igrot
