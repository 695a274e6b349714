// Float32 matrix products by oneDNN's sgemm, whose operands may be strided or
// transposed.
#pragma once

#include <cstdint>

namespace igrot {

/// A matrix somebody else owns: element (i, j) at data[i * stride + j], or at
/// data[j * stride + i] when `transposed`.
struct Operand {
  const float* data = nullptr;
  std::int64_t stride = 0;
  bool transposed = false;
};

/// out [rows, columns] = scale * a [rows, inner] b [inner, columns] + keep *
/// out. Called inside a parallel region it uses one thread.
void sgemm(std::int64_t rows, std::int64_t columns, std::int64_t inner,
           float scale, const Operand& a, const Operand& b, float keep,
           float* out, std::int64_t out_stride);

}  // namespace igrot
