// Exact search over vectors in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "igrot/tensor.h"

namespace igrot {

/// One row found: its index and its inner product with the query.
struct RowHit {
  std::size_t row = 0;
  float score = 0;

  friend bool operator==(const RowHit&, const RowHit&) = default;
};

struct RowSearch {
  /// Hits a query, at least 1; fewer come back where fewer rows qualify.
  std::size_t k = 20;

  /// Rows scoring below it are left out.
  float min_score = -std::numeric_limits<float>::infinity();

  /// Rows to leave out: bit i % 64 of word i / 64 stands for row i. Empty:
  /// none.
  std::span<const std::uint64_t> dead = {};

  /// At least 1.
  std::size_t threads = 1;
};

/// Ranks rows by inner product with each query (the cosine, for unit rows),
/// best first; equal scores keep row order. A row whose score is not a number
/// is never a hit.
///
/// rows: [n, d]; queries: [Q, d], finite. Result: Q lists of at most k hits.
/// A score depends on its row and query alone: not on the number of threads, on
/// k, or on the other rows and queries of the call. Between processors with
/// different vector units it may differ in the last bits.
/// Throws Error: usage (widths differ, k or threads is 0, a query or min_score
/// is not a number). Safe from many threads.
std::vector<std::vector<RowHit>> search_rows(MatrixView rows,
                                             MatrixView queries,
                                             const RowSearch& options);

}  // namespace igrot
