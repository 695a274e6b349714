#include "gallery/scores.h"

#include <algorithm>

namespace igrot {
namespace {

// Sixteen partial sums let any compiler use whatever vectors it may assume.
constexpr std::size_t lanes = 16;

float dot(const float* a, const float* b, std::size_t width) {
  std::array<float, lanes> sums{};
  std::size_t i = 0;
  for (; i + lanes <= width; i += lanes)
    for (std::size_t lane = 0; lane < lanes; ++lane)
      sums[lane] += a[i + lane] * b[i + lane];
  for (std::size_t lane = 0; i + lane < width; ++lane)
    sums[lane] += a[i + lane] * b[i + lane];
  for (std::size_t half = lanes / 2; half > 0; half /= 2)
    for (std::size_t lane = 0; lane < half; ++lane)
      sums[lane] += sums[lane + half];
  return sums[0];
}

#if defined(__x86_64__)
constexpr std::array kernels{
    ScoreKernel{"avx512", 16,
                [] { return __builtin_cpu_supports("avx512f") != 0; },
                score_rows_avx512},
    ScoreKernel{"avx2", 8,
                [] {
                  return __builtin_cpu_supports("avx2") &&
                         __builtin_cpu_supports("fma");
                },
                score_rows_avx2},
    ScoreKernel{"plain", lanes, [] { return true; }, score_rows_plain},
};
#else
constexpr std::array kernels{
    ScoreKernel{"plain", lanes, [] { return true; }, score_rows_plain},
};
#endif

}  // namespace

void score_rows_plain(MatrixView rows, MatrixView queries, float* scores) {
  for (std::size_t q = 0; q < queries.rows; ++q)
    for (std::size_t r = 0; r < rows.rows; ++r)
      scores[q * rows.rows + r] =
          dot(rows.row(r).data(), queries.row(q).data(), rows.columns);
}

std::span<const ScoreKernel> score_kernels() {
  return kernels;
}

const ScoreKernel& best_score_kernel() {
  return *std::ranges::find_if(
      kernels, [](const ScoreKernel& kernel) { return kernel.supported(); });
}

}  // namespace igrot
