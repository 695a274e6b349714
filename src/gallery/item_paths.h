// How a gallery stores the paths of its items.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace igrot {

/// Paths below the base folder are stored relative to it, all others absolute;
/// as bytes, whatever their encoding. Symbolic links in a path are followed up
/// to the last name.
class ItemPaths {
 public:
  /// base: absolute, without symbolic links.
  explicit ItemPaths(std::filesystem::path base);

  /// The stored form. For one thread at a time: the last folder is remembered,
  /// since walks come folder by folder.
  std::string stored(const std::filesystem::path& path);

  /// The absolute path of a stored form.
  std::filesystem::path absolute(std::string_view stored) const;

  /// Stored paths from `first` up to, not including, `end`, as bytes compare.
  struct Range {
    std::string first;
    std::string end;
  };

  /// All stored forms of paths below a folder.
  std::vector<Range> below(const std::filesystem::path& folder) const;

  const std::filesystem::path& base() const { return base_; }

 private:
  std::string stored_form(const std::string& absolute) const;

  std::filesystem::path base_;
  /// With a slash at the end.
  std::string prefix_;
  std::filesystem::path last_folder_;
  std::filesystem::path last_canonical_;
};

}  // namespace igrot
