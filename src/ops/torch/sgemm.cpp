#include "ops/torch/sgemm.h"

#include <oneapi/dnnl/dnnl.hpp>

#include "base/fail.h"

namespace igrot {

void sgemm(std::int64_t rows, std::int64_t columns, std::int64_t inner,
           float scale, const Operand& a, const Operand& b, float keep,
           float* out, std::int64_t out_stride) {
  const auto letter = [](const Operand& x) { return x.transposed ? 'T' : 'N'; };
  const auto status =
      dnnl::sgemm(letter(a), letter(b), rows, columns, inner, scale, a.data,
                  a.stride, b.data, b.stride, keep, out, out_stride);
  if (status != dnnl::status::success)
    fail(ErrorKind::unsupported, "oneDNN refuses a product of {} x {} x {}",
         rows, inner, columns);
}

}  // namespace igrot
