#include "train/numbered_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace igrot {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = "step-";

}  // namespace

std::string numbered_name(std::size_t step, std::string_view ending) {
  return fmt::format("{}{:08}{}", prefix, step, ending);
}

std::vector<fs::path> numbered_files(const fs::path& folder,
                                     std::string_view ending) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const auto& path = entry.path();
    if (path.extension() == ending &&
        path.filename().string().starts_with(prefix))
      files.push_back(path);
  }
  std::ranges::sort(files, std::greater());
  return files;
}

void drop_older(const fs::path& folder, std::string_view ending,
                std::size_t keep) {
  const auto files = numbered_files(folder, ending);
  for (std::size_t i = keep; i < files.size(); ++i) {
    std::error_code error;
    fs::remove(files[i], error);
  }
}

}  // namespace igrot
