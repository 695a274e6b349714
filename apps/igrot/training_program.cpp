#include "training_program.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/fail.h"

namespace igrot::app {
namespace {

constexpr std::string_view program_name = "igrot-train";

}  // namespace

std::optional<std::filesystem::path> find_training_program(
    const std::filesystem::path& program) {
  const auto beside = program.parent_path();
  for (const auto& folder :
       {beside, beside.parent_path() / "libexec" / "igrot"}) {
    const auto path = folder / program_name;
    std::error_code error;
    if (std::filesystem::is_regular_file(path, error)) return path;
  }
  return std::nullopt;
}

void become_training_program(const World& world) {
  const auto path = find_training_program(world.program);
  if (!path)
    fail(ErrorKind::unsupported,
         "train needs igrot-train, which is not in this build (CMake option "
         "IGROT_TRAIN)");
  std::vector<std::string> words{std::string(program_name)};
  words.insert(words.end(), world.arguments.begin(), world.arguments.end());
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  ::execv(path->c_str(), argv.data());
  fail(ErrorKind::io, "{}: cannot be run: {}", path->string(),
       std::strerror(errno));
}

}  // namespace igrot::app
