#include "settings_table.h"

#include <algorithm>
#include <cassert>

namespace igrot::app {

const SettingRow& setting_row(std::string_view name) {
  const auto row = std::ranges::find(setting_rows, name, &SettingRow::name);
  assert(row != setting_rows.end());
  return *row;
}

std::string variable_name(std::string_view setting) {
  std::string name = "IGROT_";
  for (const char c : setting)
    name += c == '-' ? '_' : c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c;
  return name;
}

}  // namespace igrot::app
