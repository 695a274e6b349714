#include "data/question_table.h"

#include <algorithm>
#include <array>

#include "base/fail.h"
#include "data/csv.h"

namespace igrot {
namespace {

using Take = std::function<void(const Record&)>;

void read_json(const std::filesystem::path& file, const Take& take) {
  for_each_record(file, {}, take);
}

struct TableForm {
  std::string_view ending;
  bool has_lists;
  void (*read)(const std::filesystem::path& file, const Take& take);
};

constexpr std::array forms{TableForm{".csv", false, for_each_csv_record},
                           TableForm{".tsv", false, for_each_csv_record},
                           TableForm{".json", true, read_json},
                           TableForm{".jsonl", true, for_each_line_record}};

const TableForm* form_of(const std::filesystem::path& file) {
  const auto form =
      std::ranges::find(forms, file.extension().string(), &TableForm::ending);
  return form == forms.end() ? nullptr : &*form;
}

std::string text_of(const FieldItem& item) {
  if (const auto* number = std::get_if<std::uint64_t>(&item))
    return std::to_string(*number);
  return std::get<std::string>(item);
}

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

/// What stands between separators, but for what is blank.
std::vector<std::string> parts_of(std::string_view text,
                                  std::string_view separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const auto part = text.substr(0, text.find(separator));
    if (!trimmed(part).empty()) parts.emplace_back(trimmed(part));
    text.remove_prefix(std::min(part.size() + separator.size(), text.size()));
  }
  return parts;
}

}  // namespace

const Field* TableRow::find(std::string_view column) const {
  auto found = record_.fields.find(column);
  if (found == record_.fields.end()) {
    std::string inner(column);
    std::ranges::replace(inner, '.', '/');
    found = record_.fields.find(inner);
  }
  return found == record_.fields.end() ? nullptr : &found->second;
}

bool TableRow::has(std::string_view column) const {
  return find(column) != nullptr;
}

std::vector<std::string> TableRow::items(std::string_view column) const {
  const auto* field = find(column);
  if (!field) {
    std::string columns;
    for (const auto& [name, value] : record_.fields)
      columns += (columns.empty() ? "" : ", ") + name;
    fail(ErrorKind::corrupt, "there is no column '{}'; there are: {}", column,
         columns);
  }
  std::vector<std::string> items;
  if (const auto* text = std::get_if<std::string>(field))
    items = {*text};
  else if (const auto* number = std::get_if<std::uint64_t>(field))
    items = {std::to_string(*number)};
  else if (const auto* list = std::get_if<std::vector<FieldItem>>(field))
    for (const auto& item : *list) items.push_back(text_of(item));
  else
    fail(ErrorKind::corrupt,
         "'{}' is no text, no whole number, no list of such", column);
  return items;
}

std::vector<std::string> TableRow::texts(std::string_view column) const {
  return items(column);
}

std::vector<std::string> TableRow::names(std::string_view column) const {
  auto names = items(column);
  if (names.size() == 1 && !separator_.empty())
    names = parts_of(std::string(names.front()), separator_);
  if (names.empty()) fail(ErrorKind::corrupt, "'{}' names nothing", column);
  return names;
}

std::string TableRow::name(std::string_view column) const {
  const auto names = items(column);
  if (names.size() != 1)
    fail(ErrorKind::corrupt, "'{}' holds {} names, expected one", column,
         names.size());
  return names.front();
}

bool is_table(const std::filesystem::path& file) {
  return form_of(file) != nullptr;
}

void for_each_row(const std::filesystem::path& file, std::string_view separator,
                  const std::function<void(const TableRow&)>& take) {
  const auto* form = form_of(file);
  if (!form)
    fail(ErrorKind::usage, "{}: no table: .csv, .tsv, .json or .jsonl",
         file.string());
  form->read(file, [&](const Record& record) {
    take({record, form->has_lists ? std::string_view() : separator});
  });
}

}  // namespace igrot
