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
    if (std::string_view(error.what()).find("surrogate") !=
        std::string_view::npos)
      fail(ErrorKind::corrupt,
           "half a surrogate pair (\\ud800 to \\udfff) at byte {}, which is no "
           "character",
           error.byte);
    fail(ErrorKind::corrupt, "not JSON at byte {}", error.byte);
  } catch (const Json::exception&) {
    fail(ErrorKind::corrupt, "a number is out of range");
  }
}

void check_depth(int depth) {
  if (depth > depth_limit)
    fail(ErrorKind::corrupt, "JSON nests deeper than {}", depth_limit);
}

/// A number or a text; nothing for anything else.
std::optional<FieldItem> item_of(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_unsigned()) return value.get<std::uint64_t>();
  return std::nullopt;
}

Field field_of(const Json& value) {
  if (const auto item = item_of(value))
    return std::visit([](const auto& one) { return Field(one); }, *item);
  if (!value.is_array()) return {};
  std::vector<FieldItem> list;
  for (const auto& element : value) {
    auto item = item_of(element);
    if (!item) return {};
    list.push_back(std::move(*item));
  }
  return list;
}

/// Adds the fields of an object, those of objects within behind their names.
void add_fields(Record& record, const Json& object, const std::string& before) {
  for (const auto& [name, value] : object.items()) {
    if (value.is_object()) add_fields(record, value, before + name + "/");
    record.fields.emplace(before + name, field_of(value));
  }
}

Record record_of(const Json& value) {
  if (!value.is_object()) fail(ErrorKind::corrupt, "expected an object");
  Record record;
  add_fields(record, value, "");
  return record;
}

using TakeEntry =
    std::function<void(const std::optional<std::string>& key, const Json&)>;

TakeEntry as_record(const std::function<void(const Record&)>& take) {
  return [&](const std::optional<std::string>& key, const Json& value) {
    auto record = record_of(value);
    record.key = key;
    take(record);
  };
}

/// Hands over the entries of a file while it is parsed; none is kept, so a
/// large file costs no more memory than its bytes.
class Entries {
 public:
  Entries(const Slice& slice, TakeEntry take)
      : slice_(slice), take_(std::move(take)) {}

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

  /// How many entries have begun.
  std::size_t count() const { return count_; }

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
    at(fmt::format("entry {}", count_ - 1), [&] { take_(key_, value); });
  }

  Slice slice_;
  TakeEntry take_;
  std::optional<std::string> key_;
  std::size_t count_ = 0;
};

/// Hands over the entries of one member of the file's object.
class MemberEntries {
 public:
  MemberEntries(std::string_view member, TakeEntry take)
      : member_(member), entries_({}, std::move(take)) {}

  bool operator()(int depth, Event event, Json& value) {
    check_depth(depth);
    if (depth == 0) return top(event);
    if (depth == 1 && event == Event::key) {
      inside_ = value == member_;
      found_ = found_ || inside_;
      return true;
    }
    return inside_ && entries_(depth - 1, event, value);
  }

  bool found() const { return found_; }

 private:
  static bool top(Event event) {
    if (event != Event::object_start && event != Event::object_end)
      fail(ErrorKind::corrupt, "expected an object");
    return true;
  }

  std::string member_;
  Entries entries_;
  bool inside_ = false;
  bool found_ = false;
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

template <class Value>
std::string digits_of(const Value& value, std::string_view what) {
  if (const auto* number = std::get_if<std::uint64_t>(&value))
    return std::to_string(*number);
  const auto* text = std::get_if<std::string>(&value);
  return checked_digits(text ? *text : "", what);
}

const std::vector<FieldItem>& list_named(const Record& record,
                                         std::string_view name) {
  const auto* list =
      std::get_if<std::vector<FieldItem>>(&field_named(record, name));
  if (!list) fail(ErrorKind::corrupt, "'{}' is not a list of names", name);
  return *list;
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
  return digits_of(field_named(*this, name), fmt::format("'{}'", name));
}

std::vector<std::string> Record::texts(std::string_view name) const {
  std::vector<std::string> texts;
  for (const auto& item : list_named(*this, name)) {
    const auto* text = std::get_if<std::string>(&item);
    if (!text) fail(ErrorKind::corrupt, "'{}' is not a list of texts", name);
    texts.push_back(*text);
  }
  return texts;
}

std::vector<std::string> Record::digit_list(std::string_view name) const {
  std::vector<std::string> list;
  for (const auto& item : list_named(*this, name))
    list.push_back(digits_of(item, fmt::format("an entry of '{}'", name)));
  return list;
}

std::string key_digits(const Record& record) {
  return checked_digits(record.key.value_or(""), "the key");
}

void for_each_record(const std::filesystem::path& file, const Slice& slice,
                     const std::function<void(const Record&)>& take) {
  const auto bytes = read_list_file(file);
  Entries entries(slice, as_record(take));
  at(file.string(), [&] { parse(as_text(bytes), std::ref(entries)); });
}

std::size_t for_each_json(const std::filesystem::path& file, const Slice& slice,
                          const std::function<void(const std::string&)>& take) {
  const auto bytes = read_list_file(file);
  Entries entries(slice, [&](const std::optional<std::string>&,
                             const Json& value) { take(value.dump()); });
  at(file.string(), [&] { parse(as_text(bytes), std::ref(entries)); });
  return entries.count();
}

void for_each_record_of(const std::filesystem::path& file,
                        std::string_view member,
                        const std::function<void(const Record&)>& take) {
  const auto bytes = read_list_file(file);
  MemberEntries entries(member, as_record(take));
  at(file.string(), [&] {
    parse(as_text(bytes), std::ref(entries));
    if (!entries.found()) fail(ErrorKind::corrupt, "'{}' is missing", member);
  });
}

void for_each_text(const std::filesystem::path& file,
                   const std::function<void(const std::string& key,
                                            const std::string& text)>& take) {
  const auto bytes = read_list_file(file);
  Entries entries(
      {}, [&](const std::optional<std::string>& key, const Json& value) {
        if (!value.is_string()) fail(ErrorKind::corrupt, "expected a text");
        take(key.value_or(""), value.get_ref<const std::string&>());
      });
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
