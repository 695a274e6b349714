#include "ops/dnnl/kernels.h"

#include "ops/dnnl/kernel_sets.h"

namespace igrot {

std::vector<const Kernels*> supported_kernels() {
  std::vector<const Kernels*> sets;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512dq")) {
    if (__builtin_cpu_supports("avx512bf16"))
      sets.push_back(&avx512_bf16_kernels);
    sets.push_back(&avx512_kernels);
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    sets.push_back(&avx2_kernels);
#endif
  sets.push_back(&portable_kernels);
  return sets;
}

}  // namespace igrot
