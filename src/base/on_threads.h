// The same work on several threads at once.
#pragma once

#include <cstddef>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace igrot {

/// Runs body() on up to `threads` threads, this one among them; where the
/// system has no more, those that run do the work. Rethrows the first exception
/// when all have ended.
template <class Body>
void on_threads(std::size_t threads, const Body& body) {
  std::mutex mutex;
  std::exception_ptr failure;
  const auto guarded = [&] {
    try {
      body();
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!failure) failure = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> others;
    try {
      for (std::size_t i = 1; i < threads; ++i) others.emplace_back(guarded);
    } catch (const std::system_error&) {
      // As many as there are.
    }
    guarded();
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace igrot
