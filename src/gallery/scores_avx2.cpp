// Inner products with AVX2 and FMA: tiles of rows and queries held in
// registers, one sum of 8 lanes each.
#include "gallery/scores.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace igrot {
namespace {

// 4 x 3 sums, 3 rows and a query fill the 16 registers.
constexpr std::size_t wide = 4;
constexpr std::size_t tall = 3;

__attribute__((target("avx2,fma"))) inline float total(__m256 sum) {
  auto half =
      _mm_add_ps(_mm256_castps256_ps128(sum), _mm256_extractf128_ps(sum, 1));
  half = _mm_add_ps(half, _mm_movehl_ps(half, half));
  return _mm_cvtss_f32(_mm_add_ss(half, _mm_movehdup_ps(half)));
}

/// All ones in the first `count` of 8 lanes.
__attribute__((target("avx2,fma"))) inline __m256i first_lanes(
    std::size_t count) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(count)),
                            _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

/// Scores of `Rows` rows and `Queries` queries, the tops given.
template <std::size_t Rows, std::size_t Queries>
__attribute__((target("avx2,fma"))) void tile(const float* rows,
                                              const float* queries,
                                              std::size_t width, float* scores,
                                              std::size_t stride) {
  __m256 sums[Queries][Rows];
#pragma GCC unroll 8
  for (std::size_t q = 0; q < Queries; ++q)
#pragma GCC unroll 8
    for (std::size_t r = 0; r < Rows; ++r) sums[q][r] = _mm256_setzero_ps();
  std::size_t i = 0;
  for (; i + 8 <= width; i += 8) {
    __m256 row[Rows];
#pragma GCC unroll 8
    for (std::size_t r = 0; r < Rows; ++r) {
      row[r] = _mm256_loadu_ps(rows + r * width + i);
      // Rows read side by side outrun the processor's own prefetcher.
      if constexpr (Rows > 1)
        _mm_prefetch(rows + (r + Rows) * width + i, _MM_HINT_T0);
    }
#pragma GCC unroll 8
    for (std::size_t q = 0; q < Queries; ++q) {
      const auto query = _mm256_loadu_ps(queries + q * width + i);
#pragma GCC unroll 8
      for (std::size_t r = 0; r < Rows; ++r)
        sums[q][r] = _mm256_fmadd_ps(row[r], query, sums[q][r]);
    }
  }
  if (i < width) {
    const auto mask = first_lanes(width - i);
#pragma GCC unroll 8
    for (std::size_t q = 0; q < Queries; ++q) {
      const auto query = _mm256_maskload_ps(queries + q * width + i, mask);
#pragma GCC unroll 8
      for (std::size_t r = 0; r < Rows; ++r)
        sums[q][r] = _mm256_fmadd_ps(
            _mm256_maskload_ps(rows + r * width + i, mask), query, sums[q][r]);
    }
  }
#pragma GCC unroll 8
  for (std::size_t q = 0; q < Queries; ++q)
#pragma GCC unroll 8
    for (std::size_t r = 0; r < Rows; ++r)
      scores[q * stride + r] = total(sums[q][r]);
}

template <std::size_t Rows, std::size_t Queries>
void all_rows(MatrixView rows, const float* queries, float* scores) {
  const auto width = rows.columns;
  std::size_t r = 0;
  for (; r + Rows <= rows.rows; r += Rows)
    tile<Rows, Queries>(rows.data + r * width, queries, width, scores + r,
                        rows.rows);
  for (; r < rows.rows; ++r)
    tile<1, Queries>(rows.data + r * width, queries, width, scores + r,
                     rows.rows);
}

}  // namespace

void score_rows_avx2(MatrixView rows, MatrixView queries, float* scores) {
  std::size_t q = 0;
  for (; q + wide <= queries.rows; q += wide)
    all_rows<tall, wide>(rows, queries.row(q).data(), scores + q * rows.rows);
  for (; q < queries.rows; ++q)
    all_rows<1, 1>(rows, queries.row(q).data(), scores + q * rows.rows);
}

}  // namespace igrot
#endif
