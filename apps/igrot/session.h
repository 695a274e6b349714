// What a verb is given to work with: the settings, the terminal, the wish to
// stop, and where to say things.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "igrot/runtime.h"
#include "progress_bar.h"
#include "settings.h"
#include "terminal.h"

namespace igrot {
struct TrainRequest;
struct TrainHooks;
struct TrainResult;
}  // namespace igrot

namespace igrot::app {

/// What the outside gives the program, read once in `main`.
struct World {
  std::vector<std::string> arguments;  ///< without the program's name
  Environment environment;
  std::filesystem::path program;  ///< the file that runs
  std::filesystem::path working_folder;
  /// Set by Ctrl-C: finish what is in hand and end.
  const std::atomic<bool>* stop = nullptr;
  /// Runs a training; unset in a program without libtorch.
  std::function<TrainResult(const TrainRequest&, const TrainHooks&)> trainer;
};

class Session {
 public:
  explicit Session(World world);

  bool stopped() const { return world_.stop && *world_.stop; }
  const World& world() const { return world_; }
  const Terminal& terminal() const { return terminal_; }

  /// Threads as set, warnings to stderr.
  Runtime runtime() const;

  /// One sentence on stderr, unless -q.
  void warn(std::string_view sentence) const;
  /// One sentence on stderr with -v.
  void note(std::string_view sentence) const;

  ProgressBar bar(std::string_view doing) const;

  /// The exit code of a verb that ends: interrupted, skipped or done.
  int exit_code(std::size_t skipped = 0) const;

  Settings settings;
  bool json = false;
  bool json_lines = false;
  bool strict = false;
  bool quiet = false;
  bool verbose = false;

 private:
  World world_;
  Terminal terminal_;
};

}  // namespace igrot::app
