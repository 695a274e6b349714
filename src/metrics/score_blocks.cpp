#include "metrics/score_blocks.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

namespace igrot {
namespace {

// A piece of the gallery fits in a second-level cache beside the queries. Its
// rows are a multiple of the kernels' tile heights (6 and 3).
constexpr std::size_t piece_bytes = 256 * 1024;
constexpr std::size_t piece_step = 6;

// Rows whose scores are taken at a time: many, since each query looks into
// tables of its own; few enough that the scores of a group stay in a cache.
constexpr std::size_t taken_rows = 2016;

// Beyond it products or sums of a kernel may be no numbers.
constexpr double longest_product = 1e30;

std::size_t piece_rows(std::size_t width) {
  const auto steps = piece_bytes / (sizeof(float) * piece_step *
                                    std::max<std::size_t>(width, 1));
  return std::clamp<std::size_t>(steps * piece_step, piece_step, taken_rows);
}

}  // namespace

MatrixView rows_of(MatrixView matrix, std::size_t begin, std::size_t count) {
  return {matrix.data + begin * matrix.columns, count, matrix.columns};
}

double length_of(std::span<const float> row) {
  double squares = 0;
  for (const float x : row) squares += double{x} * double{x};
  return std::sqrt(squares);
}

double longest_row(MatrixView gallery) {
  double longest = 0;
  for (std::size_t row = 0; row < gallery.rows; ++row) {
    const auto length = length_of(gallery.row(row));
    if (!(length <= longest)) longest = length;
    if (std::isnan(length)) break;
  }
  return longest;
}

// A product is rounded once where the kernel does not fuse it with its sum,
// then each time its lane is added to, then while lanes are added up; the exact
// score is rounded too. Source: Higham, Accuracy and Stability of Numerical
// Algorithms, 3.1: |error| <= n u sum |a b| for n roundings, and the sum is at
// most the product of the lengths.
float largest_error(std::size_t width, double lengths) {
  if (!(lengths < longest_product))
    return std::numeric_limits<float>::infinity();
  constexpr double unit = 0x1p-24;
  const auto lanes = best_score_kernel().lanes;
  const auto roundings = static_cast<double>(1 + (width + lanes - 1) / lanes +
                                             std::bit_width(lanes) + 1);
  return static_cast<float>(1.01 * roundings * unit * lengths + 1e-30);
}

void pass_scores(MatrixView queries, MatrixView gallery,
                 const std::function<void(std::size_t, std::size_t,
                                          std::span<float>)>& take) {
  const auto kernel = best_score_kernel().run;
  const auto piece = piece_rows(gallery.columns);
  const auto stretch = std::max<std::size_t>(taken_rows / piece, 1) * piece;
  std::vector<float> scores(queries.rows * stretch);
  for (std::size_t begin = 0; begin < gallery.rows; begin += stretch) {
    const auto end = std::min(begin + stretch, gallery.rows);
    // Piece after piece, each [queries, its rows].
    for (auto at = begin; at < end; at += piece)
      kernel(rows_of(gallery, at, std::min(piece, end - at)), queries,
             &scores[(at - begin) * queries.rows]);
    for (std::size_t q = 0; q < queries.rows; ++q)
      for (auto at = begin; at < end; at += piece) {
        const auto rows = std::min(piece, end - at);
        take(q, at, {&scores[(at - begin) * queries.rows + q * rows], rows});
      }
  }
}

}  // namespace igrot
