#include "settings.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <CLI/CLI.hpp>
#include <cmath>

#include "base/fail.h"
#include "known_models.h"
#include "toml_values.h"

namespace igrot::app {
namespace {

namespace fs = std::filesystem;

bool has_choice(std::string_view choices, std::string_view value) {
  while (!choices.empty()) {
    const auto bar = choices.find('|');
    if (choices.substr(0, bar) == value) return true;
    if (bar == std::string_view::npos) break;
    choices.remove_prefix(bar + 1);
  }
  return false;
}

template <class Number>
std::optional<Number> parse(std::string_view text) {
  Number number{};
  const auto end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, number);
  if (result.ec != std::errc() || result.ptr != end) return std::nullopt;
  return number;
}

std::optional<bool> parse_yes_no(std::string_view text) {
  for (const auto yes : {"yes", "true", "1", "on"})
    if (text == yes) return true;
  for (const auto no : {"no", "false", "0", "off"})
    if (text == no) return false;
  return std::nullopt;
}

void check_choice(const SettingRow& row, const SettingValue& value) {
  if (has_choice(row.reserved, value.text))
    fail(ErrorKind::unsupported, "{}: {} '{}' is not in this build",
         value.origin, row.name, value.text);
  if (!has_choice(row.choices, value.text))
    fail(ErrorKind::usage, "{}: {} is '{}', expected {}", value.origin,
         row.name, value.text, row.choices);
}

void check(const SettingRow& row, const SettingValue& value) {
  const auto expect = [&](bool right, std::string_view what) {
    if (!right)
      fail(ErrorKind::usage, "{}: {} is '{}', expected {}", value.origin,
           row.name, value.text, what);
  };
  switch (row.kind) {
    case ValueKind::text:
    case ValueKind::path:
    case ValueKind::model:
      break;
    case ValueKind::count:
      expect(parse<std::uint32_t>(value.text).has_value(), "a whole number");
      break;
    case ValueKind::number: {
      const auto number = parse<float>(value.text);
      expect(number && std::isfinite(*number), "a number");
      break;
    }
    case ValueKind::choice:
      if (!value.text.empty() || !row.default_value.empty())
        check_choice(row, value);
      break;
    case ValueKind::yes_no:
      expect(parse_yes_no(value.text).has_value(), "yes or no");
      break;
  }
}

/// A setting's value in a file of that folder: paths are relative to it.
std::string value_in_file(const SettingRow& row, const std::string& value,
                          const fs::path& folder) {
  const auto path = folder / value;
  std::error_code error;
  const bool is_name = row.kind == ValueKind::model &&
                       find_known_model(value) && !fs::exists(path, error);
  const bool is_path =
      row.kind == ValueKind::path || row.kind == ValueKind::model;
  return is_path && !is_name ? path.string() : value;
}

}  // namespace

std::optional<fs::path> user_folder(const Environment& environment,
                                    const std::string& variable,
                                    std::string_view fallback) {
  // The XDG rules: a relative path in the variable is to be ignored.
  if (const auto set = environment(variable); set && set->starts_with('/'))
    return fs::path(*set);
  if (const auto home = environment("HOME"); home && !home->empty())
    return fs::path(*home) / fallback;
  return std::nullopt;
}

Settings::Settings(Environment environment)
    : environment_(std::move(environment)) {}

void Settings::offer(CLI::App& verb,
                     std::initializer_list<std::string_view> names) {
  for (const auto name : names) {
    const auto& row = setting_row(name);
    const std::string key(name);
    const std::string options(row.option);
    std::string help(row.help);
    if (!row.default_value.empty())
      help += fmt::format(" [{}]", row.default_value);
    if (row.kind == ValueKind::yes_no) {
      verb.add_flag_function(
              options,
              [this, key](std::int64_t count) {
                options_[key] = count > 0 ? "yes" : "no";
              },
              help)
          ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
      continue;
    }
    auto* option = verb.add_option_function<std::string>(
        options, [this, key](const std::string& text) { options_[key] = text; },
        help);
    const auto shown = row.kind == ValueKind::choice   ? row.choices
                       : row.kind == ValueKind::count  ? "N"
                       : row.kind == ValueKind::number ? "X"
                       : row.kind == ValueKind::path   ? "PATH"
                       : row.kind == ValueKind::model  ? "MODEL"
                                                       : "TEXT";
    option->type_name(std::string(shown));
    option->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  }
}

Settings::File Settings::read_file(const fs::path& path) {
  File file{path, {}};
  for (auto& [key, value] : read_toml(path)) {
    const auto row = std::ranges::find(setting_rows, key, &SettingRow::name);
    if (row == setting_rows.end())
      fail(ErrorKind::usage, "{}: there is no setting '{}'", path.string(),
           key);
    if (!value.empty()) value = value_in_file(*row, value, path.parent_path());
    file.values.emplace(key, std::move(value));
  }
  return file;
}

void Settings::read_files(const fs::path& working_folder) {
  std::vector<fs::path> candidates{working_folder / "igrot.toml"};
  if (const auto folder =
          user_folder(environment_, "XDG_CONFIG_HOME", ".config"))
    candidates.push_back(*folder / "igrot" / "config.toml");
  for (const auto& path : candidates) {
    std::error_code error;
    if (fs::is_regular_file(path, error)) files_.push_back(read_file(path));
  }
}

SettingValue Settings::unchecked(const SettingRow& row) const {
  if (const auto found = options_.find(row.name); found != options_.end()) {
    const auto first = row.option.substr(0, row.option.find(','));
    return {found->second, std::string(first), false};
  }
  const auto variable = variable_name(row.name);
  if (const auto value = environment_(variable)) return {*value, variable};
  for (const auto& file : files_)
    if (const auto found = file.values.find(row.name);
        found != file.values.end())
      return {found->second, file.path.string(), false};
  return {std::string(row.default_value), "default", true};
}

SettingValue Settings::find(std::string_view name) const {
  const auto& row = setting_row(name);
  auto value = unchecked(row);
  check(row, value);
  return value;
}

std::optional<fs::path> Settings::path(std::string_view name) const {
  const auto value = text(name);
  if (value.empty()) return std::nullopt;
  return fs::path(value);
}

std::size_t Settings::count(std::string_view name) const {
  return *parse<std::uint32_t>(text(name));
}

float Settings::number(std::string_view name) const {
  return *parse<float>(text(name));
}

bool Settings::yes(std::string_view name) const {
  return *parse_yes_no(text(name));
}

}  // namespace igrot::app
