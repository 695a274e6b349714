// When a server is asked again, and after which wait.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>

namespace igrot::app {

/// Whether a server may answer otherwise in a while: 408, 425, 429, 500, 502,
/// 503, 504.
bool is_passing(long status);

/// The wait behind that many tries: `first`, doubled for each further one, or
/// what the server asks for where that is longer; a minute at most.
std::chrono::milliseconds wait_before(std::size_t tries,
                                      std::chrono::milliseconds first,
                                      std::optional<long> retry_after_s);

/// Waits as long as `go_on` says so; what it said last.
bool pause(std::chrono::milliseconds wait, const std::function<bool()>& go_on);

}  // namespace igrot::app
