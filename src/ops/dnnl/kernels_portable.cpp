// Kernels in vectors of four numbers, which every 64-bit processor has.
#include <utility>

#include "ops/dnnl/kernel_sets.h"

namespace igrot {
namespace {

constexpr std::size_t lanes = 4;
constexpr std::size_t row_block = 4;
constexpr std::size_t column_block = 2;

#include "ops/dnnl/kernel_vector.inl"

#include "ops/dnnl/kernel_rows.inl"

#include "ops/dnnl/kernel_attention.inl"

}  // namespace

const Kernels portable_kernels = kernel_set("portable");

}  // namespace igrot
