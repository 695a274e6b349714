#include "outputs.h"

#include <map>

#include "base/fail.h"

namespace igrot::app {

void make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    fail(ErrorKind::io, "{}: cannot make the folder: {}", folder.string(),
         error.message());
}

std::vector<std::filesystem::path> output_names(
    const std::vector<std::string>& inputs, const std::filesystem::path& folder,
    std::string_view extension) {
  std::map<std::filesystem::path, std::string> taken;
  std::vector<std::filesystem::path> names;
  for (const auto& input : inputs) {
    auto name = folder / std::filesystem::path(input).stem();
    name += extension;
    const auto [other, is_new] = taken.emplace(name, input);
    if (!is_new)
      fail(ErrorKind::usage, "{} and {} would both be written to {}",
           other->second, input, name.string());
    names.push_back(std::move(name));
  }
  make_folder(folder);
  return names;
}

}  // namespace igrot::app
