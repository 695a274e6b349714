// Text files read line by line: plain lists and JSON lines.
#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "output.h"

namespace igrot::app {

/// The lines of a file without their ends; "-" is stdin. Not for many threads.
class LineReader {
 public:
  /// Throws Error: not_found, io.
  explicit LineReader(const std::filesystem::path& path);

  /// Throws Error: corrupt (a line over 64 MiB), io.
  std::optional<std::string> next();

  /// "list.txt: line 3", of the line read last.
  std::string place() const;

 private:
  struct Close {
    void operator()(std::FILE* file) const;
  };
  std::string name_;
  std::unique_ptr<std::FILE, Close> file_;
  std::size_t number_ = 0;
};

/// One JSON value. Escapes of surrogates that have no partner read as U+FFFD.
/// Throws Error: corrupt.
Json parse_json(const std::string& text);

/// The string field of an object. Throws Error: corrupt when it is missing.
std::string text_field(const Json& object, const std::string& name);

/// A LIST of the command line: a path or text a line, or a JSON string a line
/// when the name ends in .jsonl. Empty lines are empty texts; in .jsonl they
/// are passed over. Throws Error: not_found, corrupt, io.
std::vector<std::string> read_list(const std::filesystem::path& path);

/// A picture and the words that go with it.
struct Pair {
  std::string image;
  std::string text;
};

/// JSON lines {"image", "text"}. Throws Error: not_found, corrupt, io.
std::vector<Pair> read_pairs(const std::filesystem::path& path);

}  // namespace igrot::app
