// Inner products with AVX-512: tiles of rows and queries held in registers, one
// sum of 16 lanes each.
#include "gallery/scores.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace igrot {
namespace {

// 4 x 6 sums, 4 queries and a row fill 29 of the 32 registers. A single query
// is bound by memory and takes row after row: the processor's prefetcher feeds
// one stream up to twice as fast as several.
constexpr std::size_t wide = 4;
constexpr std::size_t tall = 6;

// A half of the lanes. Not _mm512_reduce_add_ps or a cast: g++ 12 warns of an
// uninitialised value inside its own headers.
template <int Half>
__attribute__((target("avx512f"))) __m256 half_of(__m512 sum) {
  return _mm256_castpd_ps(
      _mm512_maskz_extractf64x4_pd(0xFF, _mm512_castps_pd(sum), Half));
}

__attribute__((target("avx512f"))) inline float total(__m512 sum) {
  const auto both = _mm256_add_ps(half_of<0>(sum), half_of<1>(sum));
  auto half =
      _mm_add_ps(_mm256_castps256_ps128(both), _mm256_extractf128_ps(both, 1));
  half = _mm_add_ps(half, _mm_movehl_ps(half, half));
  return _mm_cvtss_f32(_mm_add_ss(half, _mm_movehdup_ps(half)));
}

/// Scores of `Rows` rows and `Queries` queries, the tops given.
template <std::size_t Rows, std::size_t Queries>
__attribute__((target("avx512f"))) void tile(const float* rows,
                                             const float* queries,
                                             std::size_t width, float* scores,
                                             std::size_t stride) {
  __m512 sums[Queries][Rows];
#pragma GCC unroll 8
  for (std::size_t q = 0; q < Queries; ++q)
#pragma GCC unroll 8
    for (std::size_t r = 0; r < Rows; ++r) sums[q][r] = _mm512_setzero_ps();
  for (std::size_t i = 0; i < width; i += 16) {
    const auto left = width - i;
    const auto mask =
        static_cast<__mmask16>(left >= 16 ? 0xFFFFU : (1U << left) - 1U);
    __m512 query[Queries];
#pragma GCC unroll 8
    for (std::size_t q = 0; q < Queries; ++q)
      query[q] = _mm512_maskz_loadu_ps(mask, queries + q * width + i);
#pragma GCC unroll 8
    for (std::size_t r = 0; r < Rows; ++r) {
      const auto row = _mm512_maskz_loadu_ps(mask, rows + r * width + i);
      // Rows read side by side outrun the processor's own prefetcher.
      if constexpr (Rows > 1)
        _mm_prefetch(rows + (r + Rows) * width + i, _MM_HINT_T0);
#pragma GCC unroll 8
      for (std::size_t q = 0; q < Queries; ++q)
        sums[q][r] = _mm512_fmadd_ps(row, query[q], sums[q][r]);
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

void score_rows_avx512(MatrixView rows, MatrixView queries, float* scores) {
  std::size_t q = 0;
  for (; q + wide <= queries.rows; q += wide)
    all_rows<tall, wide>(rows, queries.row(q).data(), scores + q * rows.rows);
  for (; q < queries.rows; ++q)
    all_rows<1, 1>(rows, queries.row(q).data(), scores + q * rows.rows);
}

}  // namespace igrot
#endif
