#include "metrics/check_lists.h"

#include "base/fail.h"

namespace igrot {

void check_matrices(MatrixView queries, MatrixView gallery,
                    std::size_t threads) {
  if (queries.rows > 0 && queries.columns != gallery.columns)
    fail(ErrorKind::usage, "queries have width {}, the gallery {}",
         queries.columns, gallery.columns);
  if (threads == 0) fail(ErrorKind::usage, "threads is 0, expected at least 1");
}

void check_lists(MatrixView queries, MatrixView gallery, RowLists lists,
                 std::string_view what) {
  if (!lists.empty() && queries.rows != lists.size())
    fail(ErrorKind::usage, "{} queries have {} lists of {} rows", queries.rows,
         lists.size(), what);
  for (const auto& list : lists)
    for (const auto row : list)
      if (row >= gallery.rows)
        fail(ErrorKind::usage, "{} row {} of a gallery of {}", what, row,
             gallery.rows);
}

}  // namespace igrot
