// What the processor has that the engines may use.
#pragma once

#include <string_view>
#include <vector>

namespace igrot::app {

/// Names as in /proc/cpuinfo: "avx2", "avx512_bf16", "amx_bf16", ...
std::vector<std::string_view> processor_features();

}  // namespace igrot::app
