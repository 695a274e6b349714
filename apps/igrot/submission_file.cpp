#include "submission_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/fail.h"
#include "base/file.h"
#include "terminal.h"

namespace igrot::app {
namespace {

using Json = nlohmann::json;
using Event = Json::parse_event_t;

// Three times what CIRR's server takes; parsed, a file costs up to twenty times
// its bytes.
constexpr std::uint64_t read_limit_bytes = std::uint64_t{16} << 20;

constexpr int depth_limit = 20;

// Five times what the largest split asks for.
constexpr std::size_t value_limit = 1'000'000;

/// Say nothing about the text but that it nests too deep, or holds too much.
struct TooDeep {};
struct TooMany {};

/// Takes the members of the object apart while it is parsed.
class Members {
 public:
  explicit Members(std::vector<SubmissionEntry>& entries) : entries_(entries) {}

  bool is_object() const { return is_object_; }

  /// The parser's callback; false: forget the value.
  bool operator()(int depth, Event event, Json& value) {
    if (depth > depth_limit) throw TooDeep{};
    if (++values_ > value_limit) throw TooMany{};
    if (depth == 0) {
      is_object_ |= event == Event::object_start;
      return true;
    }
    if (depth > 1 || !is_object_) return true;
    if (event == Event::key) key_ = value.get<std::string>();
    if (event == Event::key || event == Event::object_start ||
        event == Event::array_start)
      return true;
    entries_.push_back({key_, std::move(value)});
    return false;
  }

 private:
  std::vector<SubmissionEntry>& entries_;
  std::string key_;
  std::size_t values_ = 0;
  bool is_object_ = false;
};

/// "line 3, column 7, near "..."".
std::string place_in(std::string_view text, std::size_t byte) {
  const auto at = std::min(byte == 0 ? 0 : byte - 1, text.size());
  const auto before = text.substr(0, at);
  const auto line = std::ranges::count(before, '\n') + 1;
  const auto last_end = before.rfind('\n');
  const auto column =
      last_end == std::string_view::npos ? at : at - last_end - 1;
  const auto start = at < 10 ? 0 : at - 10;
  return fmt::format("line {}, column {}, near {}", line, column + 1,
                     printable(text.substr(start, 20)));
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

bool is_utf8_without_mark(std::string_view text) {
  return !text.starts_with("\xef\xbb\xbf") && !text.starts_with("\xff\xfe") &&
         !text.starts_with("\xfe\xff");
}

void parse(std::string_view text, SubmissionFile& file, Findings& findings) {
  Members members(file.entries);
  try {
    [[maybe_unused]] const auto rest = Json::parse(text, std::ref(members));
    if (!members.is_object())
      findings.add(Fault::not_an_object, "the file is no JSON object");
    return;
  } catch (const Json::parse_error& error) {
    if (error.byte > text.size())
      findings.add(Fault::cut_off, "the file ends in the middle of its JSON");
    else
      findings.add(Fault::not_json,
                   "the file is no JSON: " + place_in(text, error.byte));
  } catch (const Json::exception&) {
    findings.add(Fault::not_json, "the file holds a number out of range");
  } catch (const TooDeep&) {
    findings.add(Fault::not_json,
                 fmt::format("the file nests deeper than {}", depth_limit));
  } catch (const TooMany&) {
    findings.add(Fault::too_large,
                 fmt::format("the file holds more than {} values and was read "
                             "no further",
                             value_limit));
  }
  file.entries.clear();
}

/// Of a key that comes again the last one counts, as for the servers.
void drop_repeated(SubmissionFile& file, Findings& findings) {
  std::set<std::string> seen;
  std::vector<SubmissionEntry> kept;
  for (auto entry = file.entries.rbegin(); entry != file.entries.rend();
       ++entry) {
    if (seen.insert(entry->key).second)
      kept.push_back(std::move(*entry));
    else
      findings.add(Fault::repeated_key,
                   fmt::format("the key \"{}\" comes more than once",
                               printable(entry->key)));
  }
  std::ranges::reverse(kept);
  file.entries = std::move(kept);
}

}  // namespace

SubmissionFile read_submission_file(const std::filesystem::path& path,
                                    Findings& findings) {
  SubmissionFile file;
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (!error && size > read_limit_bytes) {
    file.size_bytes = size;
    findings.add(Fault::too_large,
                 fmt::format("the file has {} bytes and was not read: no "
                             "submission has more than {}",
                             size, read_limit_bytes));
    return file;
  }
  const auto bytes = read_file(path, read_limit_bytes);
  const auto text = as_text(bytes);
  file.size_bytes = text.size();
  if (is_blank(text))
    findings.add(Fault::empty, "the file is empty");
  else if (!is_utf8_without_mark(text))
    findings.add(Fault::encoding, "the file begins with a byte order mark");
  else
    parse(text, file, findings);
  drop_repeated(file, findings);
  return file;
}

}  // namespace igrot::app
