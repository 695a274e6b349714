#include "gallery/item_paths.h"

namespace igrot {
namespace {

std::string with_slash(const std::filesystem::path& folder) {
  auto text = folder.native();
  if (!text.ends_with('/')) text += '/';
  return text;
}

/// Without symbolic links as far as the path exists.
std::filesystem::path resolved(const std::filesystem::path& path) {
  std::error_code refused;
  auto found = std::filesystem::weakly_canonical(path, refused);
  if (refused || !found.is_absolute())
    found = std::filesystem::absolute(path).lexically_normal();
  // "a/" is "a".
  return found.has_filename() ? found : found.parent_path();
}

}  // namespace

ItemPaths::ItemPaths(std::filesystem::path base)
    : base_(std::move(base)), prefix_(with_slash(base_)) {}

std::string ItemPaths::stored_form(const std::string& absolute) const {
  return absolute.starts_with(prefix_) ? absolute.substr(prefix_.size())
                                       : absolute;
}

std::string ItemPaths::stored(const std::filesystem::path& path) {
  const auto name = path.filename();
  if (name.empty() || name == "." || name == "..")
    return stored_form(resolved(path).native());
  auto folder = path.parent_path();
  if (folder.empty()) folder = ".";
  if (folder != last_folder_ || last_canonical_.empty()) {
    last_canonical_ = resolved(folder);
    last_folder_ = std::move(folder);
  }
  return stored_form((last_canonical_ / name).native());
}

std::filesystem::path ItemPaths::absolute(std::string_view stored) const {
  return base_ / std::filesystem::path(stored);
}

// The byte after '/' is '0': "a/" <= path < "a0" are the paths below "a".
std::vector<ItemPaths::Range> ItemPaths::below(
    const std::filesystem::path& folder) const {
  const auto inside = with_slash(resolved(folder));
  if (inside != prefix_ && inside.starts_with(prefix_)) {
    auto first = inside.substr(prefix_.size());
    auto end = first;
    end.back() = '0';
    return {{std::move(first), std::move(end)}};
  }
  std::vector<Range> ranges;
  if (prefix_.starts_with(inside)) {
    // Everything relative: whatever does not start with a slash. No name has
    // 256 bytes, so none follows that many of the largest.
    ranges.push_back({"", "/"});
    ranges.push_back({"0", std::string(256, '\xFF')});
  }
  if (inside != prefix_) {
    auto end = inside;
    end.back() = '0';
    ranges.push_back({inside, std::move(end)});
  }
  return ranges;
}

}  // namespace igrot
