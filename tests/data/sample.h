// Small data sets, made and golden (tests/golden/datasets/README.md).
#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>

#include "igrot/error.h"
#include "tests/temporary_folder.h"

namespace igrot {

inline std::filesystem::path golden_sets() {
  return std::filesystem::path(IGROT_TEST_GOLDEN) / "datasets";
}

inline void write_text(const std::filesystem::path& file,
                       std::string_view text) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

/// The message of the Error of that kind that `body` ends in, else "".
inline std::string refusal(ErrorKind kind, const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    if (error.kind() == kind) return error.what();
  }
  return "";
}

}  // namespace igrot
