// Exact search: threads take stretches of rows in turn; a stretch is scored in
// blocks that stay in the cache while every query of a group passes over them.
#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>

#include "base/fail.h"
#include "base/on_threads.h"
#include "gallery/scores.h"
#include "gallery/top_rows.h"
#include "igrot/search.h"

namespace igrot {
namespace {

// Queries that pass over the rows together: enough that arithmetic, not
// memory, sets the pace; few enough that their scores and hits stay small.
constexpr std::size_t group_queries = 64;

// A block of rows fits in a second-level cache beside the queries.
constexpr std::size_t block_bytes = 256 * 1024;

// The tile heights of the kernels (6 and 3) divide it, so that no row of a full
// block is scored alone.
constexpr std::size_t block_step = 6;

// What a thread takes at a time, and the work below which one more thread
// costs more than it helps (starting one takes some 20 us).
constexpr std::size_t stretch_blocks = 8;
constexpr std::size_t products_per_thread = 1 << 20;

std::size_t block_rows(std::size_t width) {
  const auto steps = block_bytes / (sizeof(float) * block_step * width);
  return block_step * std::max<std::size_t>(steps, 1);
}

bool is_dead(std::span<const std::uint64_t> dead, std::size_t row) {
  return row / 64 < dead.size() && (dead[row / 64] >> (row % 64) & 1) != 0;
}

/// One group of queries against all rows.
class GroupSearch {
 public:
  GroupSearch(MatrixView rows, MatrixView queries, const RowSearch& options)
      : rows_(rows),
        queries_(queries),
        options_(options),
        block_(block_rows(rows.columns)),
        best_(queries.rows, TopRows(options.k, options.min_score)) {}

  std::vector<std::vector<RowHit>> run() {
    on_threads(thread_count(), [this] { take_stretches(); });
    std::vector<std::vector<RowHit>> ranked;
    for (auto& best : best_) ranked.push_back(std::move(best).ranked());
    return ranked;
  }

 private:
  std::size_t thread_count() const {
    const auto products = rows_.rows * rows_.columns * queries_.rows;
    const auto stretches = rows_.rows / (block_ * stretch_blocks) + 1;
    return std::clamp<std::size_t>(products / products_per_thread, 1,
                                   std::min(options_.threads, stretches));
  }

  void take_stretches() {
    std::vector<TopRows> best(queries_.rows,
                              TopRows(options_.k, options_.min_score));
    std::vector<float> scores(queries_.rows * block_);
    const auto stretch = block_ * stretch_blocks;
    for (;;) {
      const auto begin = next_.fetch_add(stretch);
      if (begin >= rows_.rows) break;
      const auto end = std::min(begin + stretch, rows_.rows);
      for (auto at = begin; at < end; at += block_)
        search_block(at, std::min(block_, end - at), scores, best);
    }
    const std::lock_guard lock(mutex_);
    for (std::size_t q = 0; q < best.size(); ++q) best_[q].merge(best[q]);
  }

  void search_block(std::size_t first, std::size_t count,
                    std::vector<float>& scores,
                    std::vector<TopRows>& best) const {
    const MatrixView block{rows_.data + first * rows_.columns, count,
                           rows_.columns};
    kernel_(block, queries_, scores.data());
    for (std::size_t q = 0; q < queries_.rows; ++q)
      for (std::size_t r = 0; r < count; ++r)
        if (const auto score = scores[q * count + r];
            best[q].wants(score) && !is_dead(options_.dead, first + r))
          best[q].add({first + r, score});
  }

  const MatrixView rows_;
  const MatrixView queries_;
  const RowSearch& options_;
  const std::size_t block_;
  const ScoreRows kernel_ = best_score_kernel().run;
  std::atomic<std::size_t> next_ = 0;
  std::mutex mutex_;
  std::vector<TopRows> best_;
};

void check(MatrixView rows, MatrixView queries, const RowSearch& options) {
  if (queries.columns != rows.columns)
    fail(ErrorKind::usage, "queries have width {}, the searched rows {}",
         queries.columns, rows.columns);
  if (options.k == 0) fail(ErrorKind::usage, "k is 0, expected at least 1");
  if (options.threads == 0)
    fail(ErrorKind::usage, "threads is 0, expected at least 1");
  if (std::isnan(options.min_score))
    fail(ErrorKind::usage, "the minimal score is not a number");
  for (std::size_t q = 0; q < queries.rows; ++q)
    if (!std::ranges::all_of(queries.row(q),
                             [](float x) { return std::isfinite(x); }))
      fail(ErrorKind::usage, "query {} holds a value that is not finite", q);
}

}  // namespace

std::vector<std::vector<RowHit>> search_rows(MatrixView rows,
                                             MatrixView queries,
                                             const RowSearch& options) {
  check(rows, queries, options);
  if (rows.rows == 0 || rows.columns == 0)
    return std::vector<std::vector<RowHit>>(queries.rows);
  std::vector<std::vector<RowHit>> all;
  all.reserve(queries.rows);
  for (std::size_t q = 0; q < queries.rows; q += group_queries) {
    const MatrixView group{queries.data + q * queries.columns,
                           std::min(group_queries, queries.rows - q),
                           queries.columns};
    for (auto& hits : GroupSearch(rows, group, options).run())
      all.push_back(std::move(hits));
  }
  return all;
}

}  // namespace igrot
