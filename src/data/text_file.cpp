#include "data/text_file.h"

#include <algorithm>

#include "base/fail.h"
#include "base/file.h"

namespace igrot {
namespace {

constexpr std::uint64_t file_limit_bytes = std::uint64_t{1} << 31;

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r\v\f") == std::string_view::npos;
}

}  // namespace

std::vector<std::byte> read_list_file(const std::filesystem::path& file) {
  return read_file(file, file_limit_bytes);
}

void for_each_line(const std::filesystem::path& file,
                   const std::function<void(std::string_view)>& take) {
  const auto bytes = read_list_file(file);
  auto rest = as_text(bytes);
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (is_blank(line)) continue;
    at(fmt::format("{}: line {}", file.string(), number), [&] { take(line); });
  }
}

std::filesystem::path picture_path(const std::filesystem::path& root,
                                   std::string_view name,
                                   std::string_view what) {
  if (name.empty() || name.find('\0') != std::string_view::npos)
    fail(ErrorKind::corrupt, "{} is not a path", what);
  return root / name;
}

bool stays_inside(std::string_view name) {
  if (name.empty() || name.find('\0') != std::string_view::npos) return false;
  const auto path = std::filesystem::path(name).lexically_normal();
  return path.is_relative() && *path.begin() != "..";
}

std::filesystem::path inside_path(const std::filesystem::path& root,
                                  const std::string& name) {
  if (!stays_inside(name))
    fail(ErrorKind::corrupt, "'{}' is no path inside {}", name, root.string());
  return (root / name).lexically_normal();
}

}  // namespace igrot
