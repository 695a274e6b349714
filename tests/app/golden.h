// Goldens as files the program can be given.
#pragma once

#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace igrot::app {

inline std::filesystem::path golden(const std::filesystem::path& name) {
  return std::filesystem::path(IGROT_TEST_GOLDEN) / name;
}

/// Writes the content of a gzip file.
inline void unpack(const std::filesystem::path& from,
                   const std::filesystem::path& to) {
  gzFile file = ::gzopen(from.c_str(), "rb");
  if (!file) throw std::runtime_error("cannot open " + from.string());
  std::ofstream out(to, std::ios::binary);
  std::vector<char> buffer(1 << 20);
  int size = 0;
  while ((size = ::gzread(file, buffer.data(),
                          static_cast<unsigned>(buffer.size()))) > 0)
    out.write(buffer.data(), size);
  ::gzclose(file);
}

}  // namespace igrot::app
