#include "data/class_folders.h"

#include <algorithm>
#include <map>

#include "base/fail.h"
#include "data/picture_listing.h"
#include "data/retrieval_readers.h"
#include "data/text_file.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;

/// Pictures and the names of their classes.
struct Classified {
  std::vector<fs::path> files;
  std::vector<std::string> classes;
  std::optional<fs::path> list;  ///< the file that tells them, if one does
};

bool counts(const DescribedSet& described, const std::string& name) {
  return described.classes.empty() ||
         std::ranges::find(described.classes, name) != described.classes.end();
}

Classified of_list(const DescribedSet& described, const fs::path& root,
                   const fs::path& list) {
  Classified found{.files = {}, .classes = {}, .list = list};
  auto read = read_class_list(root, list);
  for (std::size_t i = 0; i < read.files.size(); ++i) {
    const auto name = std::to_string(read.classes[i]);
    if (!counts(described, name)) continue;
    found.files.push_back(at(list.string(), [&] {
      return inside_path(root, read.files[i].lexically_relative(root).string());
    }));
    found.classes.push_back(name);
  }
  return found;
}

Classified of_folders(const DescribedSet& described, const fs::path& place) {
  Classified found;
  for (const auto& folder : list_folders(place)) {
    const auto name = folder.filename().string();
    if (!counts(described, name)) continue;
    for (auto& file : list_pictures(folder)) {
      found.files.push_back(std::move(file));
      found.classes.push_back(name);
    }
  }
  return found;
}

Classified read(const DescribedSet& described, const fs::path& root,
                const std::string& name) {
  const auto place = inside_path(root, name);
  auto found = place.extension() == ".txt" ? of_list(described, root, place)
                                           : of_folders(described, place);
  for (const auto& wanted : described.classes)
    if (std::ranges::find(found.classes, wanted) == found.classes.end())
      fail(ErrorKind::not_found, "{}: no picture of the class '{}'",
           place.string(), wanted);
  return found;
}

std::map<std::string, SharedRows> rows_by_name(
    const std::vector<std::string>& classes) {
  std::map<std::string, std::vector<std::size_t>> rows;
  for (std::size_t row = 0; row < classes.size(); ++row)
    rows[classes[row]].push_back(row);
  return {std::make_move_iterator(rows.begin()),
          std::make_move_iterator(rows.end())};
}

}  // namespace

RetrievalSet read_class_folders(const DescribedSet& described,
                                const fs::path& root) {
  const auto asked = read(described, root, described.queries);
  auto found = read(described, root, described.gallery);
  RetrievalSet set{.part = {}, .split = described.name};
  set.lists = {described.file};
  if (asked.list) set.lists.push_back(*asked.list);
  if (found.list) set.lists.push_back(*found.list);
  auto right = rows_by_name(found.classes);
  std::map<fs::path, std::size_t> places;
  for (std::size_t row = 0; row < found.files.size(); ++row)
    places.emplace(found.files[row], row);
  set.gallery = std::move(found.files);
  for (std::size_t i = 0; i < asked.files.size(); ++i) {
    const auto own = places.find(asked.files[i]);
    set.queries.push_back({.id = {},
                           .picture = asked.files[i],
                           .words = {asked.classes[i]},
                           .relevant = right[asked.classes[i]],
                           .own = own == places.end()
                                      ? std::nullopt
                                      : std::optional(own->second)});
  }
  return set;
}

}  // namespace igrot
