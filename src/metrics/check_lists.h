// Whether queries, galleries and lists of rows fit together.
#pragma once

#include <string_view>

#include "metrics/relevant_ranks.h"

namespace igrot {

/// Throws Error: usage (widths differ, no threads).
void check_matrices(MatrixView queries, MatrixView gallery,
                    std::size_t threads);

/// A list for each query, or none at all. Throws Error: usage (another number
/// of lists, a row that the gallery does not have).
void check_lists(MatrixView queries, MatrixView gallery, RowLists lists,
                 std::string_view what);

}  // namespace igrot
