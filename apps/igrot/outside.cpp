#include "outside.h"

#include <signal.h>

#include <atomic>
#include <cstdlib>

namespace igrot::app {
namespace {

// A signal handler reaches nothing but what is global.
std::atomic<bool> stop_wanted = false;
static_assert(std::atomic<bool>::is_always_lock_free);

// The second signal meets the default again and ends the program at once.
void watch_signals() {
  struct sigaction action {};
  action.sa_handler = [](int) { stop_wanted = true; };
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
  for (const int signal : {SIGINT, SIGTERM})
    ::sigaction(signal, &action, nullptr);
}

std::optional<std::string> variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value ? std::optional<std::string>(value) : std::nullopt;
}

}  // namespace

World outside_world(std::vector<std::string> arguments) {
  watch_signals();
  std::error_code error;
  return {.arguments = std::move(arguments),
          .environment = variable,
          .program = std::filesystem::read_symlink("/proc/self/exe", error),
          .working_folder = std::filesystem::current_path(error),
          .stop = &stop_wanted,
          .trainer = {}};
}

}  // namespace igrot::app
