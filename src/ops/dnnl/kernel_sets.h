// The compiled sets of kernels. Only `supported_kernels` should look at them:
// a set runs only where the processor has its instructions.
#pragma once

#include "ops/dnnl/kernels.h"

namespace igrot {

extern const Kernels portable_kernels;
extern const Kernels avx2_kernels;
extern const Kernels avx512_kernels;
extern const Kernels avx512_bf16_kernels;

}  // namespace igrot
