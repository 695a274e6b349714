// Opening a file in a process of its own, with little memory and time.
#pragma once

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <string_view>

#include "formats/checkpoint.h"

namespace igrot {

enum class Outcome { loads, error, too_slow, too_large_or_crash };

#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif

/// Opens a file and reads every tensor within 256 MiB of address space and one
/// second. Sanitizers need more of both: there only crashes count.
inline Outcome open_limited(const std::filesystem::path& path) {
  constexpr rlim_t address_space = 256U << 20;
  const auto start = std::chrono::steady_clock::now();
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
  ::waitpid(child, &status, 0);
  const auto took = std::chrono::steady_clock::now() - start;
  if (!WIFEXITED(status) || WEXITSTATUS(status) > 1)
    return Outcome::too_large_or_crash;
  if (!sanitized && took > std::chrono::seconds(1)) return Outcome::too_slow;
  return WEXITSTATUS(status) == 0 ? Outcome::loads : Outcome::error;
}

}  // namespace igrot
