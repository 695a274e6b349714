#include "data/json_records.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "base/fail.h"
#include "data/text_file.h"

namespace igrot {
namespace {

using Json = nlohmann::json;
using Event = Json::parse_event_t;

// Records are flat, or nearly so; the parser keeps a stack as deep as the file.
constexpr int depth_limit = 100;

constexpr std::size_t digits_limit = 20;  // of 2^64

/// Parses; what is not JSON becomes an Error.
Json parse(std::string_view text, const Json::parser_callback_t& callback) {
  try {
    return Json::parse(text, callback);
  } catch (const Json::parse_error& error) {
    fail(ErrorKind::corrupt, "not JSON at byte {}", error.byte);
  } catch (const Json::exception&) {
    fail(ErrorKind::corrupt, "a number is out of range");
  }
}

void check_depth(int depth) {
  if (depth > depth_limit)
    fail(ErrorKind::corrupt, "JSON nests deeper than {}", depth_limit);
}

Field field_of(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_unsigned()) return value.get<std::uint64_t>();
  return {};
}

Record record_of(const Json& value) {
  if (!value.is_object()) fail(ErrorKind::corrupt, "expected an object");
  Record record;
  for (const auto& [name, field] : value.items())
    record.fields.emplace(name, field_of(field));
  return record;
}

/// Hands over the entries of a file while it is parsed; none is kept, so a
/// large file costs no more memory than its bytes.
class Entries {
 public:
  Entries(const Slice& slice, const std::function<void(const Record&)>& take)
      : slice_(slice), take_(take) {}

  /// The parser's callback; false: forget the value. Of what was forgotten at
  /// its start no end is told.
  bool operator()(int depth, Event event, Json& value) {
    check_depth(depth);
    if (depth == 0) return top(event);
    if (depth > 1) return true;
    switch (event) {
      case Event::key:
        key_ = value.get<std::string>();
        return true;
      case Event::object_start:
      case Event::array_start:
        return wanted(count_++);
      case Event::value:
        if (wanted(count_++)) take(value);
        return false;
      case Event::object_end:
      case Event::array_end:
        take(value);
        return false;
    }
    return true;
  }

 private:
  static bool top(Event event) {
    if (event == Event::value)
      fail(ErrorKind::corrupt, "expected a list or an object of objects");
    return true;
  }

  bool wanted(std::size_t entry) const {
    return entry < slice_.end && entry % slice_.step == 0;
  }

  void take(const Json& value) {
    at(fmt::format("entry {}", count_ - 1), [&] {
      auto record = record_of(value);
      record.key = key_;
      take_(record);
    });
  }

  const Slice& slice_;
  const std::function<void(const Record&)>& take_;
  std::optional<std::string> key_;
  std::size_t count_ = 0;  // entries that have begun
};

std::string checked_digits(std::string_view text, std::string_view what) {
  const bool sound =
      !text.empty() && text.size() <= digits_limit &&
      std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  if (!sound) fail(ErrorKind::corrupt, "{} is not a whole number", what);
  return std::string(text);
}

const Field& field_named(const Record& record, std::string_view name) {
  const auto found = record.fields.find(name);
  if (found == record.fields.end())
    fail(ErrorKind::corrupt, "'{}' is missing", name);
  return found->second;
}

}  // namespace

bool Record::has(std::string_view name) const {
  return fields.find(name) != fields.end();
}

const std::string& Record::text(std::string_view name) const {
  const auto* text = std::get_if<std::string>(&field_named(*this, name));
  if (!text) fail(ErrorKind::corrupt, "'{}' is not a text", name);
  return *text;
}

std::string Record::digits(std::string_view name) const {
  const auto& field = field_named(*this, name);
  if (const auto* number = std::get_if<std::uint64_t>(&field))
    return std::to_string(*number);
  const auto* text = std::get_if<std::string>(&field);
  return checked_digits(text ? *text : "", fmt::format("'{}'", name));
}

std::string key_digits(const Record& record) {
  return checked_digits(record.key.value_or(""), "the key");
}

void for_each_record(const std::filesystem::path& file, const Slice& slice,
                     const std::function<void(const Record&)>& take) {
  const auto bytes = read_list_file(file);
  Entries entries(slice, take);
  at(file.string(), [&] { parse(as_text(bytes), std::ref(entries)); });
}

void for_each_line_record(const std::filesystem::path& file,
                          const std::function<void(const Record&)>& take) {
  const auto shallow = [](int depth, Event, Json&) {
    check_depth(depth);
    return true;
  };
  for_each_line(file, [&](std::string_view line) {
    take(record_of(parse(line, shallow)));
  });
}

}  // namespace igrot
