// Our own loops over rows, by OpenMP as oneDNN's, so that both share one team
// of threads.
#pragma once

#include <cstddef>

namespace igrot {

/// body(first, last, part) over [0, count) cut into one range a thread. Little
/// work (fewer than `grain` items a thread) stays on the calling thread: a team
/// is all threads or none, for OpenMP ends those it does not need.
template <class Body>
void parallel_ranges(std::size_t threads, std::size_t count, std::size_t grain,
                     Body&& body) {
  if (threads <= 1 || count < threads * grain) {
    if (count > 0) body(std::size_t{0}, count, std::size_t{0});
    return;
  }
#pragma omp parallel for num_threads(threads) schedule(static, 1)
  for (std::size_t part = 0; part < threads; ++part)
    body(count * part / threads, count * (part + 1) / threads, part);
}

}  // namespace igrot
