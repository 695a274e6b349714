// Small files that the tests of this room make for themselves.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "base/file.h"
#include "formats/zip_writer.h"

namespace igrot {

inline void write_file(const std::filesystem::path& path,
                       std::string_view content) {
  std::ofstream(path, std::ios::binary) << content;
}

template <class Number>
std::string little(Number number) {
  return std::string(as_text(std::as_bytes(std::span(&number, 1))));
}

/// Records of an archive, name and content.
using Records = std::vector<std::pair<std::string, std::string>>;

inline void write_archive(const std::filesystem::path& path,
                          const Records& records) {
  AtomicFile file(path);
  ZipWriter zip(file);
  for (const auto& [name, content] : records) zip.add(name, as_bytes(content));
  zip.finish();
  file.commit();
}

/// An archive of torch.save with six floats, 0 to 5, as storage 0.
inline void write_checkpoint(const std::filesystem::path& path,
                             const std::string& pickle) {
  std::string floats;
  for (int i = 0; i < 6; ++i) floats += little(static_cast<float>(i));
  write_archive(path, {{"a/data.pkl", pickle}, {"a/data/0", floats}});
}

/// Pickled text.
inline std::string pickled(std::string_view text) {
  return 'X' + little(static_cast<std::uint32_t>(text.size())) +
         std::string(text);
}

/// Pickled tuple of small numbers.
inline std::string pickled_tuple(const std::vector<std::uint32_t>& numbers) {
  std::string result = "(";
  for (const auto number : numbers) result += 'J' + little(number);
  return result + 't';
}

/// A view of the six floats.
inline std::string pickled_view(const std::vector<std::uint32_t>& sizes,
                                const std::vector<std::uint32_t>& strides,
                                std::uint32_t offset = 0) {
  return "ctorch._utils\n_rebuild_tensor_v2\n((" + pickled("storage") +
         "ctorch\nFloatStorage\n" + pickled("0") + pickled("cpu") + "K\6tQJ" +
         little(offset) + pickled_tuple(sizes) + pickled_tuple(strides) +
         "\x89}tR";
}

inline std::string repeated(std::size_t count, std::string_view text) {
  std::string result;
  result.reserve(count * text.size());
  for (std::size_t i = 0; i < count; ++i) result += text;
  return result;
}

}  // namespace igrot
