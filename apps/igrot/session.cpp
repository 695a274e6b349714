#include "session.h"

#include <cstdio>

#include "base/fail.h"
#include "exit_codes.h"

namespace igrot::app {
namespace {

constexpr std::size_t most_threads = 1024;

}  // namespace

Session::Session(World world)
    : settings(world.environment),
      world_(std::move(world)),
      terminal_(inspect_terminal(
          !world_.environment("NO_COLOR").value_or("").empty())) {}

Runtime Session::runtime() const {
  if (settings.count("threads") > most_threads)
    fail(ErrorKind::usage, "--threads is more than {}", most_threads);
  return {.threads = settings.count("threads"),
          .warn = [this](std::string_view sentence) { warn(sentence); }};
}

void Session::warn(std::string_view sentence) const {
  if (!quiet) fmt::print(stderr, "igrot: warning: {}\n", printable(sentence));
}

void Session::note(std::string_view sentence) const {
  if (verbose) fmt::print(stderr, "igrot: {}\n", printable(sentence));
}

ProgressBar Session::bar(std::string_view doing) const {
  return {doing, terminal_.columns, terminal_.err_is_terminal && !quiet};
}

int Session::exit_code(std::size_t skipped) const {
  if (stopped()) return exit_interrupted;
  return strict && skipped > 0 ? exit_skipped : exit_done;
}

}  // namespace igrot::app
