// What a caller decides about execution, handed to whoever runs something.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

namespace igrot {

/// Threads and warnings of one model or gallery. Nothing here is global: two
/// runtimes may live in one process.
struct Runtime {
  /// Threads of one computation; 0: as many as the machine has cores.
  std::size_t threads = 0;

  /// Where warnings go, one sentence each; unset: nowhere.
  std::function<void(std::string_view)> warn;

  /// `threads`, with 0 resolved.
  std::size_t thread_count() const;
};

/// Called from time to time during long work: done and total items. Returning
/// false asks the work to stop soon and keep what is finished.
using Progress = std::function<bool(std::size_t done, std::size_t total)>;

}  // namespace igrot
