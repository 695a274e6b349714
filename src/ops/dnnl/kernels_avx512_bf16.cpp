// Kernels for AVX-512 with products of bfloat16 pairs, summed in float32. On
// the pragma see kernels_avx2.cpp.
#include <immintrin.h>

#include <utility>

#include "ops/dnnl/kernel_sets.h"

#if defined(__clang__)
#pragma clang attribute push(                                          \
    __attribute__((                                                    \
        target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,fma"))), \
    apply_to = function)
#else
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,fma")
#endif

namespace igrot {
namespace {

constexpr std::size_t lanes = 16;
constexpr std::size_t row_block = 6;
constexpr std::size_t column_block = 4;

#include "ops/dnnl/kernel_vector.inl"

#include "ops/dnnl/kernel_rows.inl"

#include "ops/dnnl/kernel_attention.inl"

/// Products of pairs of bfloat16.
struct Pairs {
  using Operand = std::uint32_t;
  static constexpr std::size_t depth = 2;
  static constexpr Number number = Number::bf16;

  [[gnu::always_inline]] static Vec multiply_add(Vec sum, Operand left,
                                                 Vec right) {
    return _mm512_dpbf16_ps(sum, (__m512bh)right, (__m512bh)(left - Bits{}));
  }

  [[gnu::always_inline]] static Vec take(const Bfloat* row, std::size_t count) {
    Vec pairs{};
    if (count == 2 * lanes)
      __builtin_memcpy(&pairs, row, sizeof pairs);
    else
      __builtin_memcpy(&pairs, row, count * sizeof *row);
    return pairs;
  }

  /// Never taken: attention with float32 rows goes another way.
  static Vec take(const float*, std::size_t) { return Vec{}; }

  static void put_values(const Rows& rows, Operand* values,
                         std::size_t stride) {
    const auto* from = numbers<Bfloat>(rows.data);
    for (std::size_t j = 0; j < rows.count; j += 2)
      for_columns(rows.width, [&](std::size_t k, std::size_t n) {
        const auto* row = from + j * rows.stride + k;
        const Vec low = load(row, n);
        Vec high{};
        if (j + 1 < rows.count) high = load(row + rows.stride, n);
        const Bits both = Bits(low) >> 16 | Bits(high);
        __builtin_memcpy(values + j / 2 * stride + k, &both, sizeof both);
      });
  }

  [[gnu::always_inline]] static void put_weights(Operand* weights,
                                                 std::size_t first, Vec value) {
    const auto halves = _mm512_cvtneps_pbh(value);
    __builtin_memcpy(weights + first / 2, &halves, sizeof halves);
  }
};

std::size_t scratch_bytes_for_either(std::size_t keys, std::size_t width) {
  const auto floats = scratch_bytes<Floats>(keys, width);
  const auto pairs = scratch_bytes<Pairs>(keys, width);
  return floats > pairs ? floats : pairs;
}

void attention_of_either(const AttentionHead& head, std::byte* scratch) {
  const auto pairs = head.q.number == Number::bf16 &&
                     head.k.number == Number::bf16 &&
                     head.v.number == Number::bf16;
  if (pairs)
    attention<Pairs>(head, scratch);
  else
    attention<Floats>(head, scratch);
}

constexpr Kernels with_pairs(Kernels kernels) {
  kernels.attention_bytes = scratch_bytes_for_either;
  kernels.attention = attention_of_either;
  return kernels;
}

}  // namespace

const Kernels avx512_bf16_kernels = with_pairs(kernel_set("avx512_bf16"));

}  // namespace igrot

#if defined(__clang__)
#pragma clang attribute pop
#endif
