// The lists of a submission, name by name.
#include <algorithm>
#include <optional>
#include <set>

#include "base/fail.h"
#include "submission_checks.h"
#include "terminal.h"

namespace igrot::app {
namespace {

using Json = nlohmann::json;

// Those of COCO 2017 have at most six digits.
constexpr std::uint64_t image_id_end = 1'000'000;

constexpr std::size_t query_digits = 9;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Plain digits, as Python's str(int) writes them.
bool is_query(std::string_view key) {
  return !key.empty() && key.size() <= query_digits &&
         std::ranges::all_of(key, is_digit) && (key == "0" || key[0] != '0');
}

std::string text_of(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// A value as a message shows it.
std::string shown(const Json& value) {
  constexpr std::size_t longest = 60;
  const auto text = text_of(value);
  const auto quote = value.is_string() ? "\"" : "";
  return fmt::format("{}{}{}{}", quote, printable(text.substr(0, longest)),
                     text.size() > longest ? "..." : "", quote);
}

/// Takes digits off the front; false where there are none.
bool skip_digits(std::string_view& text) {
  const auto end = std::ranges::find_if_not(text, is_digit);
  const auto count = static_cast<std::size_t>(end - text.begin());
  text.remove_prefix(count);
  return count > 0;
}

bool skip(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

/// "test1-147-1-img1": NLVR2's names.
bool is_cirr_name(std::string_view text, std::string_view prefix) {
  return skip(text, prefix) && skip_digits(text) && skip(text, "-") &&
         skip_digits(text) && skip(text, "-img") && skip_digits(text) &&
         text.empty();
}

bool is_path(std::string_view text) {
  return text.find('/') != std::string_view::npos ||
         text.find('\\') != std::string_view::npos || text.ends_with(".png") ||
         text.ends_with(".jpg");
}

bool is_blank(std::string_view text) {
  return text.find_first_of(" \t\r\n") != std::string_view::npos ||
         text.empty();
}

/// What is wrong with a name, and how a sentence goes on about it.
struct NameFault {
  Fault fault;
  std::string_view is;
};

std::optional<NameFault> fault_of_name(std::string_view text,
                                       const SubmissionSplit& split) {
  if (is_blank(text)) return NameFault{Fault::blank_name, "is empty or blank"};
  if (is_path(text))
    return NameFault{Fault::path_for_name, "is a path, not a name"};
  if (is_cirr_name(text, split.prefix)) return std::nullopt;
  for (const std::string_view prefix : {"train-", "dev-", "test1-"})
    if (is_cirr_name(text, prefix))
      return NameFault{Fault::other_split, "is a picture of another split"};
  return NameFault{Fault::strange_name, "is no name of a picture of CIRR"};
}

std::optional<NameFault> fault_of_number(const Json& value) {
  if (value.is_string())
    return NameFault{Fault::text_for_number, "is a text, not a number"};
  if (!value.is_number_unsigned())
    return NameFault{Fault::not_whole, "is no image id"};
  if (value.get<std::uint64_t>() >= image_id_end)
    return NameFault{Fault::strange_number, "is too large for an image id"};
  return std::nullopt;
}

std::optional<NameFault> fault_of(const Json& value,
                                  const SubmissionSplit& split) {
  if (value.is_structured())
    return NameFault{Fault::nested_names, "is no single name"};
  if (split.benchmark == "circo") return fault_of_number(value);
  if (!value.is_string())
    return NameFault{Fault::number_for_name, "is no text"};
  return fault_of_name(value.get_ref<const std::string&>(), split);
}

SubmittedList take_list(const SubmissionEntry& entry,
                        const SubmissionSplit& split, Findings& findings) {
  SubmittedList list{entry.key, entry.value.size(), {}};
  std::set<std::string> seen;
  std::size_t place = 0;
  for (const auto& value : entry.value) {
    ++place;
    if (!seen.insert(text_of(value)).second)
      findings.add(Fault::repeated_name,
                   fmt::format("query {} names {} more than once", entry.key,
                               shown(value)));
    if (const auto found = fault_of(value, split))
      findings.add(found->fault,
                   fmt::format("query {}, place {}: {} {}", entry.key, place,
                               shown(value), found->is));
    else
      list.names.push_back(text_of(value));
  }
  return list;
}

}  // namespace

std::vector<SubmittedList> take_lists(const SubmissionFile& file,
                                      const SubmissionFormat& format,
                                      const SubmissionSplit& split,
                                      Findings& findings) {
  std::vector<SubmittedList> lists;
  for (const auto& entry : file.entries) {
    if (is_head_key(entry.key) && !format.metric.empty()) continue;
    if (!is_query(entry.key)) {
      findings.add(
          entry.value.is_array() ? Fault::not_a_query : Fault::stray_key,
          fmt::format("the key {} is no query", shown(entry.key)));
    } else if (!entry.value.is_array()) {
      findings.add(Fault::not_a_list,
                   fmt::format("query {} has {} for a list", entry.key,
                               shown(entry.value)));
    } else {
      lists.push_back(take_list(entry, split, findings));
    }
  }
  return lists;
}

}  // namespace igrot::app
