#include "data/csv.h"

#include <algorithm>
#include <set>

#include "base/bytes.h"
#include "base/fail.h"
#include "base/utf8.h"
#include "data/text_file.h"

namespace igrot {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

void check_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto point = first_code_point(text);
    if (!point) fail(ErrorKind::corrupt, "not UTF-8");
    text.remove_prefix(point->size_bytes);
  }
}

void check_columns(const std::vector<std::string>& columns) {
  std::set<std::string_view> seen;
  for (const auto& column : columns) {
    check_utf8(column);
    if (!seen.insert(column).second)
      fail(ErrorKind::corrupt, "two columns are called '{}'", column);
  }
}

Record record_of(const std::vector<std::string>& columns,
                 std::vector<std::string>& cells) {
  if (cells.size() != columns.size())
    fail(ErrorKind::corrupt, "{} cells, but there are {} columns", cells.size(),
         columns.size());
  Record record;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    check_utf8(cells[i]);
    record.fields.emplace(columns[i], std::move(cells[i]));
  }
  return record;
}

}  // namespace

std::vector<std::string> CsvRows::next() {
  while (!rest_.empty()) {
    row_line_ = line_;
    const bool quoted = rest_.front() == '"';
    auto cells = row();
    if (quoted || cells.size() > 1 || !cells.front().empty()) return cells;
  }
  return {};
}

std::vector<std::string> CsvRows::row() {
  std::vector<std::string> cells{cell()};
  while (!row_ends()) cells.push_back(cell());
  return cells;
}

std::string CsvRows::cell() {
  if (rest_.starts_with('"')) return quoted_cell();
  const char ends[] = {separator_, '\n'};
  const auto end = rest_.find_first_of(std::string_view(ends, sizeof ends));
  auto text = rest_.substr(0, end);
  rest_.remove_prefix(text.size());
  if (!rest_.starts_with(separator_) && text.ends_with('\r'))
    text.remove_suffix(1);
  return std::string(text);
}

std::string CsvRows::quoted_cell() {
  std::string text;
  do {
    rest_.remove_prefix(1);
    const auto size = rest_.find('"');
    if (size == std::string_view::npos)
      fail(ErrorKind::corrupt, "a quote is opened and never closed");
    const auto part = rest_.substr(0, size);
    line_ += static_cast<std::size_t>(std::ranges::count(part, '\n'));
    text += part;
    rest_.remove_prefix(size + 1);
    if (rest_.starts_with('"')) text += '"';
  } while (rest_.starts_with('"'));
  if (rest_.starts_with("\r\n") || rest_ == "\r") rest_.remove_prefix(1);
  return text;
}

/// Takes what stands between two cells, or between two rows.
bool CsvRows::row_ends() {
  if (rest_.empty()) return true;
  const char next = rest_.front();
  if (next != separator_ && next != '\n')
    fail(ErrorKind::corrupt, "a closing quote does not end its cell");
  rest_.remove_prefix(1);
  if (next == separator_) return false;
  ++line_;
  return true;
}

void for_each_csv_record(const std::filesystem::path& file,
                         const std::function<void(const Record&)>& take) {
  const auto bytes = read_list_file(file);
  auto text = as_text(bytes);
  if (text.starts_with(byte_order_mark))
    text.remove_prefix(byte_order_mark.size());
  CsvRows rows(text, file.extension() == ".tsv" ? '\t' : ',');
  try {
    const auto columns = rows.next();
    check_columns(columns);
    for (auto cells = rows.next(); !cells.empty(); cells = rows.next())
      take(record_of(columns, cells));
  } catch (const Error& error) {
    throw error.at(fmt::format("{}: line {}", file.string(), rows.line()));
  }
}

}  // namespace igrot
