// Kernels for AVX2 with FMA. The pragma stays in force to the end of the file:
// templates are compiled there. Nothing inline from elsewhere may be used
// below it, or its copy with these instructions could serve the whole program.
#include <utility>

#include "ops/dnnl/kernel_sets.h"

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), \
                             apply_to = function)
#else
#pragma GCC target("avx2,fma")
#endif

namespace igrot {
namespace {

constexpr std::size_t lanes = 8;
constexpr std::size_t row_block = 6;
constexpr std::size_t column_block = 2;

#include "ops/dnnl/kernel_vector.inl"

#include "ops/dnnl/kernel_rows.inl"

#include "ops/dnnl/kernel_attention.inl"

}  // namespace

const Kernels avx2_kernels = kernel_set("avx2");

}  // namespace igrot

#if defined(__clang__)
#pragma clang attribute pop
#endif
