// The values of the settings, and where each came from. Precedence: option,
// variable, igrot.toml in the working folder, the user's config.toml, default.
#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "igrot/settings.h"
#include "settings_table.h"

namespace CLI {
class App;
}

namespace igrot::app {

/// The value of an environment variable, if it is set.
using Environment =
    std::function<std::optional<std::string>(const std::string& name)>;

struct SettingValue {
  std::string text;
  std::string origin;  ///< "--model", "IGROT_MODEL", a file's path, "default"
  bool is_default = false;
};

class Settings {
 public:
  explicit Settings(Environment environment);

  /// Adds the options of those rows to a verb.
  void offer(CLI::App& verb, std::initializer_list<std::string_view> names);

  /// Reads the configuration files. Throws Error: usage (unknown key, not TOML,
  /// wrong type), io.
  void read_files(const std::filesystem::path& working_folder);

  /// The value that counts, checked against its row. Throws Error: usage,
  /// unsupported.
  SettingValue find(std::string_view name) const;

  std::string text(std::string_view name) const { return find(name).text; }
  std::optional<std::filesystem::path> path(std::string_view name) const;
  std::size_t count(std::string_view name) const;
  float number(std::string_view name) const;
  bool yes(std::string_view name) const;

  /// The enumerator of a choice; nothing for `auto` where the table has none,
  /// and for the empty value.
  template <class Choice, std::size_t size>
  std::optional<Choice> choice(const std::array<Named<Choice>, size>& table,
                               std::string_view name) const {
    return find_choice(table, text(name));
  }

 private:
  struct File {
    std::filesystem::path path;
    std::map<std::string, std::string, std::less<>> values;
  };
  static File read_file(const std::filesystem::path& path);
  SettingValue unchecked(const SettingRow& row) const;

  Environment environment_;
  std::map<std::string, std::string, std::less<>> options_;
  std::vector<File> files_;  // the first one that has a key wins
};

/// The folder of the user's own configuration or data: `variable`, or
/// `fallback` below the home folder; nothing when neither is known.
std::optional<std::filesystem::path> user_folder(const Environment& environment,
                                                 const std::string& variable,
                                                 std::string_view fallback);

}  // namespace igrot::app
