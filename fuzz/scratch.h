// Files that parsers open by name, rewritten for every input.
#pragma once

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

#include "igrot/error.h"

namespace igrot::fuzz {

/// A folder of this process in memory, gone when it ends.
class Scratch {
 public:
  Scratch() {
    std::string pattern = "/dev/shm/igrot-fuzz-XXXXXX";
    if (!mkdtemp(pattern.data())) std::abort();
    folder_ = pattern;
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  const std::filesystem::path& folder() const { return folder_; }

  std::filesystem::path write(const std::string& name, const void* bytes,
                              std::size_t size) const {
    const auto path = folder_ / name;
    std::FILE* file = std::fopen(path.c_str(), "wb");
    if (!file || std::fwrite(bytes, 1, size, file) != size) std::abort();
    std::fclose(file);
    return path;
  }

 private:
  std::filesystem::path folder_;
};

inline const Scratch& scratch() {
  static const Scratch folder;
  return folder;
}

/// Runs `body`; an Error is a good answer, any other exception is a finding.
template <class Body>
void expect_value_or_error(Body&& body) {
  try {
    body();
  } catch (const Error& error) {
    if (std::string_view(error.what()).empty()) std::abort();
  }
}

}  // namespace igrot::fuzz
