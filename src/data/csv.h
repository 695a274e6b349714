// Tables in text files: comma-separated values as RFC 4180 has them, which are
// foreign.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "data/json_records.h"

namespace igrot {

/// The rows of a text. A cell in quotes may hold the separator, line ends, and
/// quotes (two for one); lines end in LF or CRLF; blank lines are passed over.
class CsvRows {
 public:
  explicit CsvRows(std::string_view text, char separator = ',')
      : rest_(text), separator_(separator) {}

  /// The cells of the next row; none after the last. Throws Error: corrupt (a
  /// quote that is never closed, or closed before the cell ends).
  std::vector<std::string> next();

  /// Where that row begins, from 1.
  std::size_t line() const { return row_line_; }

 private:
  std::vector<std::string> row();
  std::string cell();
  std::string quoted_cell();
  bool row_ends();

  std::string_view rest_;
  char separator_;
  std::size_t line_ = 1;
  std::size_t row_line_ = 1;
};

/// Calls take(record) for every row after the first, whose cells name the
/// columns; all fields are texts. Files called .tsv are separated by tabs. An
/// Error leaving `take` gets "FILE: line N" put before it. Throws Error:
/// not_found, corrupt (also: a row with more or fewer cells than there are
/// columns, two columns of one name, not UTF-8), unsupported, io.
void for_each_csv_record(const std::filesystem::path& file,
                         const std::function<void(const Record&)>& take);

}  // namespace igrot
