// Objects of foreign JSON files, flat: texts, numbers and lists of them by
// name. The rest of the room knows no JSON library.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace igrot {

using FieldItem = std::variant<std::uint64_t, std::string>;

/// The value of one field: a whole number, a text, a list of such, or something
/// else.
using Field = std::variant<std::monostate, std::uint64_t, std::string,
                           std::vector<FieldItem>>;

/// One object.
struct Record {
  /// Its name, where the file is an object of objects.
  std::optional<std::string> key;
  /// Those of an object within are named "outer/inner".
  std::map<std::string, Field, std::less<>> fields;

  bool has(std::string_view name) const;

  /// Throws Error: corrupt (missing, no text).
  const std::string& text(std::string_view name) const;

  /// The decimal digits of a number that is whole and not negative, or of a
  /// text of at most 20 digits. Throws Error: corrupt.
  std::string digits(std::string_view name) const;

  /// The same of lists. Throws Error: corrupt (missing, no list of such).
  std::vector<std::string> texts(std::string_view name) const;
  std::vector<std::string> digit_list(std::string_view name) const;
};

/// Checks the digits of a `Record::key`. Throws Error: corrupt.
std::string key_digits(const Record& record);

/// Entries 0, step, 2 * step, ... below end, as Python's [:end:step].
struct Slice {
  std::size_t end = std::numeric_limits<std::size_t>::max();
  std::size_t step = 1;
};

/// Calls take(record) for the entries in `slice` of a file that holds a list of
/// objects or an object of objects, in the order of the file. Entries outside
/// the slice may be anything. An Error leaving `take` gets "FILE: entry N" put
/// before it, N from 0. Throws Error: not_found, corrupt, unsupported, io.
void for_each_record(const std::filesystem::path& file, const Slice& slice,
                     const std::function<void(const Record&)>& take);

/// The same with the JSON of each entry. Result: how many entries there are.
std::size_t for_each_json(const std::filesystem::path& file, const Slice& slice,
                          const std::function<void(const std::string&)>& take);

/// The same of the list or object that the file's one object holds by the name
/// `member`; what else it holds may be anything.
void for_each_record_of(const std::filesystem::path& file,
                        std::string_view member,
                        const std::function<void(const Record&)>& take);

/// The same of a file that holds a list of texts, or an object of texts; `key`
/// is empty in a list.
void for_each_text(const std::filesystem::path& file,
                   const std::function<void(const std::string& key,
                                            const std::string& text)>& take);

/// The same for JSONL: an object a line, blank lines are passed over; places
/// are "FILE: line N", N from 1.
void for_each_line_record(const std::filesystem::path& file,
                          const std::function<void(const Record&)>& take);

}  // namespace igrot
