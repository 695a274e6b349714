#include "run.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "tests/temporary_folder.h"

namespace igrot::app {
namespace {

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (auto& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

void redirect(const std::filesystem::path& path, int flags, int descriptor) {
  const int file = ::open(path.c_str(), flags, 0600);
  if (file < 0 || ::dup2(file, descriptor) < 0) ::_exit(126);
}

std::string content(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

/// Sends the signal once `reached()`, or gives up after a while.
template <class Reached>
void signal_once(pid_t child, int signal, const Reached& reached) {
  for (int i = 0; i < 15'000; ++i) {
    if (reached()) {
      ::kill(child, signal);
      return;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

bool is_filled(const std::filesystem::path& file, std::uintmax_t bytes) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  return !error && size >= bytes;
}

}  // namespace

Ran run(const std::vector<std::string>& arguments, const RunOptions& options) {
  const TemporaryFolder folder;
  std::ofstream(folder / "in", std::ios::binary) << options.input;
  std::vector<std::string> words{IGROT_TEST_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> environment{"HOME=" + folder.path().string()};
  for (const auto& [name, value] : options.variables)
    environment.push_back(name + "=" + value);
  auto argv = pointers(words);
  auto envp = pointers(environment);

  const pid_t child = ::fork();
  if (child == 0) {
    redirect(folder / "in", O_RDONLY, 0);
    redirect(folder / "out", O_WRONLY | O_CREAT, 1);
    redirect(folder / "err", O_WRONLY | O_CREAT, 2);
    if (::chdir(options.folder.c_str()) != 0) ::_exit(126);
    ::execve(IGROT_TEST_PROGRAM, argv.data(), envp.data());
    ::_exit(127);
  }
  if (child < 0) throw std::runtime_error("cannot fork");
  if (!options.interrupt_after.empty())
    signal_once(child, SIGINT, [&] {
      return content(folder / "err").find(options.interrupt_after) !=
             std::string::npos;
    });
  if (!options.kill_after_file.empty())
    signal_once(child, SIGKILL, [&] {
      return is_filled(options.kill_after_file, options.kill_after_bytes);
    });
  int status = 0;
  ::waitpid(child, &status, 0);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
          content(folder / "out"), content(folder / "err")};
}

}  // namespace igrot::app
