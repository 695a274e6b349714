// Ranks without ranking: the target's score is computed first, then the rows
// that beat it are counted while blocks of the gallery pass by.
#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <system_error>
#include <thread>

#include "base/fail.h"
#include "metrics/recall.h"

namespace igrot {
namespace {

// Queries that pass over a block of the gallery together, so that memory is
// read once for all of them; what a thread takes at a time.
constexpr std::size_t group_queries = 16;

// A block of rows fits in a second-level cache beside the queries.
constexpr std::size_t block_bytes = 256 * 1024;

/// The inner product, rounded to float32 once. Eight sums side by side, so that
/// vector units can take them; their order depends on the width alone.
float score(std::span<const float> a, std::span<const float> b) {
  constexpr std::size_t lanes = 8;
  std::array<double, lanes> sums{};
  std::size_t i = 0;
  for (; i + lanes <= a.size(); i += lanes)
    for (std::size_t lane = 0; lane < lanes; ++lane)
      sums[lane] += double{a[i + lane]} * double{b[i + lane]};
  for (; i < a.size(); ++i) sums[i % lanes] += double{a[i]} * double{b[i]};
  double sum = 0;
  for (const double part : sums) sum += part;
  return static_cast<float>(sum);
}

struct Question {
  std::span<const float> query;
  std::size_t target = 0;
  float target_score = 0;
};

/// How many of the rows from `begin` to `end` come before the target.
std::size_t count_before(const Question& question, MatrixView gallery,
                         std::size_t begin, std::size_t end) {
  std::size_t count = 0;
  for (std::size_t row = begin; row < end; ++row) {
    const auto found = score(question.query, gallery.row(row));
    const bool before =
        found > question.target_score ||
        (found == question.target_score && row < question.target);
    count += before ? 1 : 0;
  }
  return count;
}

/// The ranks of some queries, written to `ranks`.
void rank_group(std::span<const Question> questions, MatrixView gallery,
                std::span<std::size_t> ranks) {
  const auto row_bytes = std::max<std::size_t>(gallery.columns, 1) * 4;
  const auto block = std::max<std::size_t>(block_bytes / row_bytes, 1);
  for (std::size_t begin = 0; begin < gallery.rows; begin += block) {
    const auto end = std::min(begin + block, gallery.rows);
    for (std::size_t q = 0; q < questions.size(); ++q)
      ranks[q] += count_before(questions[q], gallery, begin, end);
  }
  for (std::size_t q = 0; q < questions.size(); ++q)
    if (std::isnan(questions[q].target_score)) ranks[q] = gallery.rows - 1;
}

/// Runs body() on up to `threads` threads, this one among them.
template <class Body>
void on_threads(std::size_t threads, const Body& body) {
  std::vector<std::jthread> others;
  try {
    for (std::size_t i = 1; i < threads; ++i) others.emplace_back(body);
  } catch (const std::system_error&) {
    // No more threads to be had: those that run do the work.
  }
  body();
}

void check(MatrixView queries, MatrixView gallery,
           std::span<const std::size_t> targets, std::size_t threads) {
  if (queries.rows != targets.size())
    fail(ErrorKind::usage, "{} queries have {} targets", queries.rows,
         targets.size());
  if (queries.rows > 0 && queries.columns != gallery.columns)
    fail(ErrorKind::usage, "queries have width {}, the gallery {}",
         queries.columns, gallery.columns);
  if (threads == 0) fail(ErrorKind::usage, "threads is 0, expected at least 1");
  for (const auto target : targets)
    if (target >= gallery.rows)
      fail(ErrorKind::usage, "target {} of a gallery of {}", target,
           gallery.rows);
}

}  // namespace

std::vector<std::size_t> target_ranks(MatrixView queries, MatrixView gallery,
                                      std::span<const std::size_t> targets,
                                      std::size_t threads) {
  check(queries, gallery, targets, threads);
  std::vector<Question> questions;
  for (std::size_t q = 0; q < queries.rows; ++q)
    questions.push_back({queries.row(q), targets[q],
                         score(queries.row(q), gallery.row(targets[q]))});
  std::vector<std::size_t> ranks(queries.rows, 0);
  std::atomic<std::size_t> next = 0;
  const auto groups = (queries.rows + group_queries - 1) / group_queries;
  on_threads(std::min(threads, groups), [&] {
    for (;;) {
      const auto begin = next.fetch_add(group_queries);
      if (begin >= questions.size()) return;
      const auto count = std::min(group_queries, questions.size() - begin);
      rank_group(std::span(questions).subspan(begin, count), gallery,
                 std::span(ranks).subspan(begin, count));
    }
  });
  return ranks;
}

}  // namespace igrot
