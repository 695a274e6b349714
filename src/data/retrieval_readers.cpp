#include "data/retrieval_readers.h"

#include <charconv>

#include "base/fail.h"
#include "data/text_file.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view blanks = " \t\r\v\f";

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  return text.substr(0, text.find_last_not_of(blanks) + 1);
}

std::uint64_t class_of(std::string_view word) {
  std::uint64_t id = 0;
  const auto* end = word.data() + word.size();
  const auto [rest, error] = std::from_chars(word.data(), end, id);
  if (error != std::errc() || rest != end)
    fail(ErrorKind::corrupt, "the class '{}' is not a whole number", word);
  return id;
}

}  // namespace

NamedGallery::NamedGallery(RetrievalSet& set, const fs::path& list)
    : set_(set), list_(list.filename().string()) {}

void NamedGallery::add(const std::string& name, fs::path file) {
  if (!rows_.emplace(name, set_.gallery.size()).second) return;
  set_.gallery.push_back(std::move(file));
  set_.names.push_back(name);
}

std::size_t NamedGallery::row(const std::string& name,
                              std::string_view what) const {
  if (const auto found = find(name)) return *found;
  fail(ErrorKind::corrupt, "{} '{}' is not in {}", what, name, list_);
}

std::optional<std::size_t> NamedGallery::find(const std::string& name) const {
  const auto found = rows_.find(name);
  if (found == rows_.end()) return std::nullopt;
  return found->second;
}

ClassList read_class_list(const fs::path& root, const fs::path& list) {
  ClassList read;
  for_each_line(list, [&](std::string_view line) {
    line = trimmed(line);
    const auto gap = line.find_last_of(blanks);
    if (gap == std::string_view::npos)
      fail(ErrorKind::corrupt, "expected a path and a class");
    read.classes.push_back(class_of(line.substr(gap + 1)));
    read.files.push_back(
        picture_path(root, trimmed(line.substr(0, gap)), "the path"));
  });
  return read;
}

std::map<std::uint64_t, SharedRows> rows_by_class(const ClassList& gallery) {
  std::map<std::uint64_t, std::vector<std::size_t>> rows;
  for (std::size_t row = 0; row < gallery.classes.size(); ++row)
    rows[gallery.classes[row]].push_back(row);
  return {std::make_move_iterator(rows.begin()),
          std::make_move_iterator(rows.end())};
}

fs::path first_file(const fs::path& root,
                    std::initializer_list<std::string_view> names) {
  for (const auto name : names) {
    std::error_code ignored;
    if (auto file = root / name; fs::exists(file, ignored)) return file;
  }
  return root / *names.begin();
}

}  // namespace igrot
