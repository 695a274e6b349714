// Whether this is the asan build, where limits of memory and time mean nothing.
#pragma once

namespace igrot {

#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif

}  // namespace igrot
