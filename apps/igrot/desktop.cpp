#include "desktop.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "base/fail.h"

namespace igrot::app {

void open_on_desktop(const std::filesystem::path& path) {
  // Absolute, so that no name is taken for an option.
  std::string program = "xdg-open";
  std::string file = std::filesystem::absolute(path).string();
  char* arguments[] = {program.data(), file.data(), nullptr};
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null",
                                     O_WRONLY, 0);
  pid_t child = 0;
  const int code = ::posix_spawnp(&child, program.c_str(), &actions, nullptr,
                                  arguments, ::environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (code == ENOENT)
    fail(ErrorKind::unsupported, "--open needs xdg-open, which is not here");
  if (code != 0)
    fail(ErrorKind::io, "cannot run xdg-open: {}", std::strerror(code));
}

}  // namespace igrot::app
