#include "igrot/runtime.h"

#include <algorithm>
#include <thread>

namespace igrot {

std::size_t Runtime::thread_count() const {
  if (threads > 0) return threads;
  return std::max(1U, std::thread::hardware_concurrency());
}

}  // namespace igrot
