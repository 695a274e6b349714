#include "lines.h"

#include <cerrno>
#include <cstring>

#include "base/fail.h"

namespace igrot::app {
namespace {

constexpr std::size_t line_limit_bytes = 64 << 20;

std::optional<unsigned> four_hex_digits(std::string_view text) {
  if (text.size() < 4) return std::nullopt;
  unsigned value = 0;
  for (const char c : text.substr(0, 4)) {
    const auto digit = c >= '0' && c <= '9'   ? c - '0'
                       : c >= 'a' && c <= 'f' ? c - 'a' + 10
                       : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                              : -1;
    if (digit < 0) return std::nullopt;
    value = value * 16 + static_cast<unsigned>(digit);
  }
  return value;
}

/// The number of "\uXXXX" at the start of `text`.
std::optional<unsigned> escaped_unit(std::string_view text) {
  if (!text.starts_with("\\u")) return std::nullopt;
  return four_hex_digits(text.substr(2));
}

bool is_high(unsigned unit) {
  return unit >= 0xD800 && unit < 0xDC00;
}
bool is_low(unsigned unit) {
  return unit >= 0xDC00 && unit < 0xE000;
}

// Python writes strings with lone surrogates as such escapes; JSON readers
// refuse them.
void mend_surrogates(std::string& json) {
  for (std::size_t i = 0; i + 1 < json.size(); ++i) {
    if (json[i] != '\\') continue;
    const std::string_view rest = std::string_view(json).substr(i);
    const auto unit = escaped_unit(rest);
    if (!unit) {
      ++i;
      continue;
    }
    const auto partner = escaped_unit(rest.substr(6));
    if (is_high(*unit) && partner && is_low(*partner))
      i += 11;
    else if (is_high(*unit) || is_low(*unit))
      json.replace(i, 6, "\\ufffd"), i += 5;
    else
      i += 5;
  }
}

bool is_blank(const std::string& line) {
  return line.find_first_not_of(" \t\r") == std::string::npos;
}

template <class Take>
void for_each_json_line(const std::filesystem::path& path, Take&& take) {
  LineReader lines(path);
  while (const auto line = lines.next()) {
    if (is_blank(*line)) continue;
    at(lines.place(), [&] { take(parse_json(*line)); });
  }
}

}  // namespace

void LineReader::Close::operator()(std::FILE* file) const {
  if (file != stdin) std::fclose(file);
}

LineReader::LineReader(const std::filesystem::path& path)
    : name_(path == "-" ? "stdin" : path.string()) {
  file_.reset(path == "-" ? stdin : std::fopen(path.c_str(), "re"));
  if (!file_)
    fail(errno == ENOENT ? ErrorKind::not_found : ErrorKind::io,
         "{}: cannot open: {}", name_, std::strerror(errno));
}

std::optional<std::string> LineReader::next() {
  std::string line;
  int c = 0;
  while ((c = std::getc(file_.get())) != EOF && c != '\n') {
    if (line.size() == line_limit_bytes)
      fail(ErrorKind::corrupt, "{}: line {} is longer than {} bytes", name_,
           number_ + 1, line_limit_bytes);
    line += static_cast<char>(c);
  }
  if (std::ferror(file_.get()))
    fail(ErrorKind::io, "{}: cannot read: {}", name_, std::strerror(errno));
  if (c == EOF && line.empty()) return std::nullopt;
  ++number_;
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

std::string LineReader::place() const {
  return fmt::format("{}: line {}", name_, number_);
}

Json parse_json(const std::string& text) {
  auto mended = text;
  mend_surrogates(mended);
  // Parsing goes as deep as the text nests; a list of lists of lists is no
  // line of ours.
  const auto shallow = [](int depth, Json::parse_event_t, Json&) {
    if (depth > 100) fail(ErrorKind::corrupt, "JSON nests too deep");
    return true;
  };
  try {
    return Json::parse(mended, shallow);
  } catch (const Json::exception& error) {
    fail(ErrorKind::corrupt, "not JSON: {}", error.what());
  }
}

std::string text_field(const Json& object, const std::string& name) {
  if (!object.is_object() || !object.contains(name) ||
      !object[name].is_string())
    fail(ErrorKind::corrupt, "expected an object with a string \"{}\"", name);
  return object[name].get<std::string>();
}

std::vector<std::string> read_list(const std::filesystem::path& path) {
  std::vector<std::string> list;
  if (path.extension() == ".jsonl") {
    for_each_json_line(path, [&](const Json& value) {
      if (!value.is_string()) fail(ErrorKind::corrupt, "expected a string");
      list.push_back(value.get<std::string>());
    });
    return list;
  }
  LineReader lines(path);
  while (auto line = lines.next()) list.push_back(std::move(*line));
  return list;
}

std::vector<Pair> read_pairs(const std::filesystem::path& path) {
  std::vector<Pair> pairs;
  for_each_json_line(path, [&](const Json& value) {
    pairs.push_back({text_field(value, "image"), text_field(value, "text")});
  });
  return pairs;
}

}  // namespace igrot::app
