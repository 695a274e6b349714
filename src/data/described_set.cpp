#include "data/described_set.h"

#include <map>
#include <set>

#include "base/fail.h"
#include "data/class_folders.h"
#include "data/picture_listing.h"
#include "data/question_table.h"
#include "data/text_file.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view own_name = "{}";

/// The gallery of a set. A name in a table is a path below the root, by the
/// pattern of pictures, or below the folder of the gallery.
class Gallery {
 public:
  Gallery(const DescribedSet& described, const fs::path& root,
          RetrievalSet& set)
      : described_(described), root_(root), set_(set) {}

  void add(const fs::path& file) {
    if (!rows_.emplace(file, set_.gallery.size()).second) return;
    set_.gallery.push_back(file);
    set_.names.push_back(file.lexically_relative(root_).string());
  }

  void add_named(const std::string& name) { add(path(name)); }

  fs::path path(const std::string& name) const {
    auto text = described_.pictures;
    return inside_path(
        root_, text.replace(text.find(own_name), own_name.size(), name));
  }

  std::optional<std::size_t> find(const std::string& name) const {
    for (const auto& file :
         {path(name), inside_path(root_ / described_.gallery, name)})
      if (const auto found = rows_.find(file); found != rows_.end())
        return found->second;
    return std::nullopt;
  }

  std::vector<std::size_t> rows(const std::vector<std::string>& names,
                                std::string_view what) const {
    std::vector<std::size_t> rows;
    std::set<std::size_t> seen;
    for (const auto& name : names) {
      const auto row = find(name);
      if (!row)
        fail(ErrorKind::corrupt, "{} '{}' is not in the gallery", what, name);
      if (seen.insert(*row).second) rows.push_back(*row);
    }
    return rows;
  }

 private:
  const DescribedSet& described_;
  const fs::path& root_;
  RetrievalSet& set_;
  std::map<fs::path, std::size_t> rows_;
};

/// Adds what `described.gallery` stands for. Result: the file that lists it, if
/// it is one.
std::optional<fs::path> fill(Gallery& gallery, const DescribedSet& described,
                             const fs::path& root) {
  const auto place = inside_path(root, described.gallery);
  if (is_table(place)) {
    for_each_row(place, described.separator, [&](const TableRow& row) {
      gallery.add_named(row.name(described.columns.picture));
    });
    return place;
  }
  if (place.extension() == ".txt") {
    for_each_line(place, [&](std::string_view line) {
      gallery.add_named(std::string(line.substr(0, line.find('\r'))));
    });
    return place;
  }
  for (const auto& file : is_pattern(described.gallery)
                              ? match_files(root, described.gallery)
                              : list_pictures(place))
    gallery.add(file);
  return std::nullopt;
}

RetrievalQuery query_of(const TableRow& row, const QuestionColumns& columns,
                        const RetrievalSet& set, const Gallery& gallery) {
  RetrievalQuery query{
      .id = row.has(columns.id) ? row.name(columns.id) : "",
      .picture = {},
      .words = {},
      .relevant = gallery.rows(row.names(columns.target), "target")};
  const auto name = row.name(columns.query);
  query.own = gallery.find(name);
  query.picture = query.own ? set.gallery[*query.own] : gallery.path(name);
  for (const auto& column : columns.text)
    for (auto& text : row.texts(column)) query.words.push_back(std::move(text));
  if (row.has(columns.subset))
    query.subset = gallery.rows(row.names(columns.subset), "subset");
  if (row.has(columns.kind)) query.kinds = row.names(columns.kind);
  return query;
}

/// Every picture that a question names, in order of first appearance.
void add_what_is_named(Gallery& gallery, const TableRow& row,
                       const QuestionColumns& columns) {
  gallery.add_named(row.name(columns.query));
  for (const auto& name : row.names(columns.target)) gallery.add_named(name);
  if (!row.has(columns.subset)) return;
  for (const auto& name : row.names(columns.subset)) gallery.add_named(name);
}

RetrievalSet read_composed(const DescribedSet& described,
                           const fs::path& root) {
  const auto table = inside_path(root, described.queries);
  const auto each = [&](const std::function<void(const TableRow&)>& take) {
    for_each_row(table, described.separator, take);
  };
  RetrievalSet set{.part = {}, .split = described.name};
  set.lists = {described.file, table};
  Gallery gallery(described, root, set);
  if (described.gallery.empty())
    each([&](const TableRow& row) {
      add_what_is_named(gallery, row, described.columns);
    });
  else if (auto list = fill(gallery, described, root))
    set.lists.push_back(*std::move(list));
  each([&](const TableRow& row) {
    set.queries.push_back(query_of(row, described.columns, set, gallery));
  });
  return set;
}

}  // namespace

RetrievalSet read_described_set(const DescribedSet& described,
                                const fs::path& root) {
  const auto normal = (root / "").lexically_normal().parent_path();
  auto set = described.kind == SetKind::composed
                 ? read_composed(described, normal)
                 : read_class_folders(described, normal);
  set.recipe = described.recipe;
  if (set.gallery.empty())
    fail(ErrorKind::not_found, "{}: no picture in the gallery",
         described.file.string());
  if (set.queries.empty())
    fail(ErrorKind::not_found, "{}: it asks no question",
         described.file.string());
  return set;
}

}  // namespace igrot
