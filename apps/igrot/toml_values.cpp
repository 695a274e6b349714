#include "toml_values.h"

#include <toml++/toml.h>

#include "base/fail.h"
#include "base/file.h"
#include "base/parse_toml.h"

namespace igrot::app {
namespace {

constexpr std::uint64_t limit_bytes = 1 << 20;

std::string text_of(const toml::node& node, std::string_view key) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer())
    return std::to_string(number->get());
  if (const auto* number = node.as_floating_point())
    return fmt::format("{}", number->get());
  if (const auto* flag = node.as_boolean()) return flag->get() ? "yes" : "no";
  fail(ErrorKind::usage, "'{}' is not a text, a number or true or false", key);
}

}  // namespace

std::map<std::string, std::string> read_toml(
    const std::filesystem::path& path) {
  const auto bytes = read_file(path, limit_bytes);
  return at(path.string(), [&] {
    std::map<std::string, std::string> values;
    const auto table = parse_toml(as_text(bytes));
    for (const auto& [key, node] : table)
      values.emplace(key.str(), text_of(node, key.str()));
    return values;
  });
}

}  // namespace igrot::app
