// Our own loops over rows, by OpenMP as oneDNN's, so that both share one team
// of threads.
#pragma once

#include <algorithm>
#include <cstddef>

namespace igrot {

/// body(first, last, part) over [0, count) cut into ranges of at least `grain`,
/// at most one a thread; `part` counts them. A team is always all threads, for
/// OpenMP ends those a smaller one does not need.
template <class Body>
void parallel_ranges(std::size_t threads, std::size_t count, std::size_t grain,
                     Body&& body) {
  const auto parts = std::min(threads, count / grain);
  if (parts <= 1) {
    if (count > 0) body(std::size_t{0}, count, std::size_t{0});
    return;
  }
#pragma omp parallel for num_threads(threads) schedule(static, 1)
  for (std::size_t part = 0; part < parts; ++part)
    body(count * part / parts, count * (part + 1) / parts, part);
}

}  // namespace igrot
