// Opening a file in a process of its own, with little memory and time.
#pragma once

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <string_view>

#include "formats/checkpoint.h"
#include "tests/sanitized.h"

namespace igrot {

enum class Outcome { loads, error, too_slow, too_large_or_crash };

/// Opens a file and reads every tensor within 256 MiB of address space and one
/// second of processor time, which a busy machine does not lengthen. Sanitizers
/// need more of both: there only crashes count.
inline Outcome open_limited(const std::filesystem::path& path) {
  constexpr rlim_t address_space = 256U << 20;
  const auto child = ::fork();
  if (child == 0) {
    const rlimit limit{address_space, address_space};
    if (!sanitized) ::setrlimit(RLIMIT_AS, &limit);
    ::alarm(60);
    try {
      const auto checkpoint = Checkpoint::open(path);
      for (const auto& [name, tensor] : checkpoint.tensors()) tensor.bytes();
      ::_exit(0);
    } catch (const Error&) {
      ::_exit(1);
    } catch (...) {
      ::_exit(2);
    }
  }
  int status = 0;
  rusage used{};
  ::wait4(child, &status, 0, &used);
  const auto seconds = used.ru_utime.tv_sec + used.ru_stime.tv_sec;
  if (!WIFEXITED(status) || WEXITSTATUS(status) > 1)
    return Outcome::too_large_or_crash;
  if (!sanitized && seconds >= 1) return Outcome::too_slow;
  return WEXITSTATUS(status) == 0 ? Outcome::loads : Outcome::error;
}

}  // namespace igrot
