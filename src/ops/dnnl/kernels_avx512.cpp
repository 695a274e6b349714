// Kernels for AVX-512 as servers have it (F, BW, DQ, VL). On the pragma see
// kernels_avx2.cpp.
#include <utility>

#include "ops/dnnl/kernel_sets.h"

#if defined(__clang__)
#pragma clang attribute push(                                          \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma"))), \
    apply_to = function)
#else
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,fma")
#endif

namespace igrot {
namespace {

constexpr std::size_t lanes = 16;
constexpr std::size_t row_block = 6;
constexpr std::size_t column_block = 4;

#include "ops/dnnl/kernel_vector.inl"

#include "ops/dnnl/kernel_rows.inl"

#include "ops/dnnl/kernel_attention.inl"

}  // namespace

const Kernels avx512_kernels = kernel_set("avx512");

}  // namespace igrot

#if defined(__clang__)
#pragma clang attribute pop
#endif
