#include "metrics/exact_dot.h"

#include <array>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace igrot {
namespace {

constexpr std::size_t lanes = 8;
using Sums = std::array<double, lanes>;

float total(const Sums& sums) {
  double sum = 0;
  for (const double part : sums) sum += part;
  return static_cast<float>(sum);
}

/// Adds the elements from `i` on.
void add_rest(Sums& sums, const float* a, const float* b, std::size_t i,
              std::size_t width) {
  for (; i < width; ++i) sums[i % lanes] += double{a[i]} * double{b[i]};
}

float plain(const float* a, const float* b, std::size_t width) {
  Sums sums{};
  add_rest(sums, a, b, 0, width);
  return total(sums);
}

#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) float avx2(const float* a, const float* b,
                                               std::size_t width) {
  auto low = _mm256_setzero_pd();
  auto high = _mm256_setzero_pd();
  std::size_t i = 0;
  for (; i + lanes <= width; i += lanes) {
    low = _mm256_fmadd_pd(_mm256_cvtps_pd(_mm_loadu_ps(a + i)),
                          _mm256_cvtps_pd(_mm_loadu_ps(b + i)), low);
    high = _mm256_fmadd_pd(_mm256_cvtps_pd(_mm_loadu_ps(a + i + 4)),
                           _mm256_cvtps_pd(_mm_loadu_ps(b + i + 4)), high);
  }
  Sums sums;
  _mm256_storeu_pd(sums.data(), low);
  _mm256_storeu_pd(sums.data() + 4, high);
  add_rest(sums, a, b, i, width);
  return total(sums);
}

// Not _mm512_cvtps_pd: g++ 12 warns of an uninitialised value inside its own
// headers.
__attribute__((target("avx512f"))) inline __m512d wide(const float* values) {
  return _mm512_maskz_cvtps_pd(0xFF, _mm256_loadu_ps(values));
}

__attribute__((target("avx512f"))) float avx512(const float* a, const float* b,
                                                std::size_t width) {
  auto both = _mm512_setzero_pd();
  std::size_t i = 0;
  for (; i + lanes <= width; i += lanes)
    both = _mm512_fmadd_pd(wide(a + i), wide(b + i), both);
  Sums sums;
  _mm512_storeu_pd(sums.data(), both);
  add_rest(sums, a, b, i, width);
  return total(sums);
}
#endif

constexpr std::array rows {
#if defined(__x86_64__)
  ExactDotRow{[] { return __builtin_cpu_supports("avx512f") != 0; }, avx512},
      ExactDotRow{[] {
                    return __builtin_cpu_supports("avx2") &&
                           __builtin_cpu_supports("fma");
                  },
                  avx2},
#endif
      ExactDotRow{[] { return true; }, plain},
};

}  // namespace

std::span<const ExactDotRow> exact_dots() {
  return rows;
}

}  // namespace igrot
