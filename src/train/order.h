// In which order an epoch takes the samples.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace igrot {

/// 0 ... samples - 1, shuffled by seed and epoch, or as they are.
std::vector<std::size_t> epoch_order(std::size_t samples, bool shuffle,
                                     std::uint64_t seed, std::size_t epoch);

}  // namespace igrot
