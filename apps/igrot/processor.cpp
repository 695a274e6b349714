// Bits of CPUID from the processor manuals (Intel SDM, volume 2, CPUID). What
// the operating system must save as well (AVX, AVX-512) is asked of the
// compiler's run-time support, which looks at XCR0 too.
#include "processor.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace igrot::app {

#if defined(__x86_64__)
namespace {

bool leaf_7_bit(unsigned subleaf, int word, int bit) {
  unsigned words[4] = {};
  if (!__get_cpuid_count(7, subleaf, &words[0], &words[1], &words[2],
                         &words[3]))
    return false;
  return words[word] >> bit & 1;
}

constexpr int eax = 0;
constexpr int edx = 3;

}  // namespace

std::vector<std::string_view> processor_features() {
  struct Row {
    std::string_view name;
    bool present;
  };
  __builtin_cpu_init();
  const bool wide = __builtin_cpu_supports("avx512f");
  std::vector<std::string_view> names;
  for (const auto& [name, present] : {
           Row{"sse4_2", __builtin_cpu_supports("sse4.2") != 0},
           Row{"avx", __builtin_cpu_supports("avx") != 0},
           Row{"avx2", __builtin_cpu_supports("avx2") != 0},
           Row{"fma", __builtin_cpu_supports("fma") != 0},
           Row{"avx512f", wide},
           Row{"avx512bw", __builtin_cpu_supports("avx512bw") != 0},
           Row{"avx512_vnni", __builtin_cpu_supports("avx512vnni") != 0},
           Row{"avx512_bf16", wide && leaf_7_bit(1, eax, 5)},
           Row{"avx512_fp16", wide && leaf_7_bit(0, edx, 23)},
           Row{"amx_bf16", wide && leaf_7_bit(0, edx, 22)},
           Row{"amx_int8", wide && leaf_7_bit(0, edx, 25)},
       })
    if (present) names.push_back(name);
  return names;
}

#else

std::vector<std::string_view> processor_features() {
  return {};
}

#endif

}  // namespace igrot::app
