// Reads what the outside gives (arguments, environment, signals) and runs.
#include <malloc.h>
#include <signal.h>

#include <atomic>
#include <cstdlib>

#include "program.h"

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

// Buffers of pictures go back to the system when they are freed, so that
// memory does not grow with the number of pictures.
void keep_memory_flat() {
  ::mallopt(M_MMAP_THRESHOLD, 256 * 1024);
  ::mallopt(M_ARENA_MAX, 4);
}

std::optional<std::string> variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value ? std::optional<std::string>(value) : std::nullopt;
}

}  // namespace

int main(int argc, char** argv) {
  keep_memory_flat();
  watch_signals();
  std::error_code error;
  igrot::app::World world{
      .environment = variable,
      .program = std::filesystem::read_symlink("/proc/self/exe", error),
      .working_folder = std::filesystem::current_path(error),
      .stop = &stop_wanted};
  return igrot::app::run_program({argv + 1, argv + argc}, std::move(world));
}
