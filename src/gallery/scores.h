// Inner products of rows and queries: one kernel a vector unit, chosen at run
// time.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "igrot/tensor.h"

namespace igrot {

/// scores[q * rows.rows + r] = <row r, query q>. Each score is summed in an
/// order that depends on the width alone, so how rows and queries are grouped
/// never shows.
using ScoreRows = void (*)(MatrixView rows, MatrixView queries, float* scores);

void score_rows_plain(MatrixView rows, MatrixView queries, float* scores);
void score_rows_avx2(MatrixView rows, MatrixView queries, float* scores);
void score_rows_avx512(MatrixView rows, MatrixView queries, float* scores);

struct ScoreKernel {
  std::string_view name;
  std::size_t lanes;  ///< sums side by side; a sum rounds width / lanes times
  bool (*supported)();
  ScoreRows run;
};

/// All kernels, the fastest first; the last runs everywhere.
std::span<const ScoreKernel> score_kernels();

/// The fastest kernel this processor supports.
const ScoreKernel& best_score_kernel();

}  // namespace igrot
