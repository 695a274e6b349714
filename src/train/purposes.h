// What the random numbers of a run are drawn for: part of their names, so that
// one draw never repeats another.
#pragma once

#include <cstdint>

namespace igrot {

inline constexpr std::uint64_t order_purpose = 1;    ///< epoch
inline constexpr std::uint64_t weights_purpose = 2;  ///< a tensor's name
inline constexpr std::uint64_t view_purpose = 3;     ///< epoch, sample

}  // namespace igrot
