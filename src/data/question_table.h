// The tables of a data set of one's own: CSV, JSON and JSONL alike.
#pragma once

#include <functional>

#include "data/json_records.h"

namespace igrot {

/// A record by the names of its columns; "outer.inner" reaches into objects.
class TableRow {
 public:
  /// separator: between several names of one text; empty: there is none.
  TableRow(const Record& record, std::string_view separator)
      : record_(record), separator_(separator) {}

  bool has(std::string_view column) const;

  /// One name, several names, several texts that are taken whole. Numbers
  /// count as names. Throws Error: corrupt (no such column, none, no name).
  std::string name(std::string_view column) const;
  std::vector<std::string> names(std::string_view column) const;
  std::vector<std::string> texts(std::string_view column) const;

 private:
  const Field* find(std::string_view column) const;
  std::vector<std::string> items(std::string_view column) const;

  const Record& record_;
  std::string_view separator_;
};

/// Whether the file's ending is that of a table: .csv, .tsv, .json, .jsonl.
bool is_table(const std::filesystem::path& file);

/// Calls take(row) for every row. separator: of names in a cell of a CSV; JSON
/// has lists. An Error leaving `take` gets the place in the file put before
/// it. Throws Error: usage (no table by its ending), not_found, corrupt,
/// unsupported, io.
void for_each_row(const std::filesystem::path& file, std::string_view separator,
                  const std::function<void(const TableRow&)>& take);

}  // namespace igrot
