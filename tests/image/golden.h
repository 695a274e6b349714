// The reference's outputs for pictures (tests/golden/image/README.md).
#pragma once

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/sha256.h"
#include "igrot/image.h"

namespace igrot {

inline std::filesystem::path golden(std::string_view name) {
  return std::filesystem::path(IGROT_TEST_GOLDEN) / "image" / name;
}

inline std::vector<nlohmann::json> golden_rows(std::string_view name) {
  std::ifstream lines(golden(name));
  std::vector<nlohmann::json> rows;
  for (std::string line; std::getline(lines, line);)
    rows.push_back(nlohmann::json::parse(line));
  return rows;
}

/// The numbers of a .npy file of version 1, whose shape the row tells.
inline std::vector<std::byte> npy_data(std::string_view name) {
  const auto file = read_file(golden(name), 1 << 24);
  const auto header = load_little<std::uint16_t>(Bytes(file).subspan(8));
  const auto data = Bytes(file).subspan(10U + header);
  return {data.begin(), data.end()};
}

inline Mode mode_named(std::string_view name) {
  for (const auto& row : modes)
    if (row.name == name) return row.mode;
  throw std::runtime_error("no mode " + std::string(name));
}

inline std::string file_in(const nlohmann::json& row) {
  return "sources/" + row.at("source").get<std::string>();
}

}  // namespace igrot
