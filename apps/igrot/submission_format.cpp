// Which of the formats a file is meant to be.
#include <algorithm>
#include <functional>
#include <map>

#include "base/fail.h"
#include "submission_checks.h"
#include "terminal.h"

namespace igrot::app {
namespace {

constexpr std::string_view version_key = "version";
constexpr std::string_view metric_key = "metric";
constexpr std::string_view version = "rc2";

const nlohmann::json* value_of(const SubmissionFile& file,
                               std::string_view key) {
  const auto found =
      std::ranges::find(file.entries, key, &SubmissionEntry::key);
  return found == file.entries.end() ? nullptr : &found->value;
}

/// Whether a name is one of CIRCO's image ids, however it is written.
bool is_like_a_number(const nlohmann::json& name) {
  if (name.is_number()) return true;
  if (!name.is_string()) return false;
  const auto& text = name.get_ref<const std::string&>();
  const auto slash = text.rfind('/');
  const auto start = slash == std::string::npos ? 0 : slash + 1;
  return start < text.size() && text[start] >= '0' && text[start] <= '9';
}

/// A name of the first list that has one.
const nlohmann::json* some_name(const SubmissionFile& file) {
  for (const auto& entry : file.entries)
    if (entry.value.is_array() && !entry.value.empty())
      return &entry.value.front();
  return nullptr;
}

/// CIRCO counts its queries from 0; CIRR's numbers are five digits.
bool has_long_keys(const SubmissionFile& file) {
  return std::ranges::any_of(file.entries, [](const SubmissionEntry& entry) {
    return entry.key.size() > 4 && std::ranges::all_of(entry.key, [](char c) {
             return c >= '0' && c <= '9';
           });
  });
}

std::string_view benchmark_of(const SubmissionFile& file) {
  const bool both = value_of(file, version_key) && value_of(file, metric_key);
  const auto* name = some_name(file);
  if (name && !is_like_a_number(*name) && !name->is_structured()) return "cirr";
  if (both || has_long_keys(file)) return "cirr";
  if (name) return "circo";
  return value_of(file, version_key) || value_of(file, metric_key) ? "cirr"
                                                                   : "";
}

/// The most frequent length of the lists; 0 without lists.
std::size_t usual_length(const SubmissionFile& file) {
  std::map<std::size_t, std::size_t> counts;
  for (const auto& entry : file.entries)
    if (entry.value.is_array()) ++counts[entry.value.size()];
  std::size_t usual = 0;
  for (const auto& [length, count] : counts)
    if (count > counts[usual]) usual = length;
  return usual;
}

const SubmissionFormat* format_by(
    std::string_view benchmark,
    const std::function<bool(const SubmissionFormat&)>& fits) {
  for (const auto& format : submission_formats)
    if (format.benchmark == benchmark && fits(format)) return &format;
  return nullptr;
}

std::string shown(const nlohmann::json& value) {
  constexpr std::size_t longest = 40;
  return printable(
      value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)
          .substr(0, longest));
}

void check_version(const SubmissionFile& file, Findings& findings) {
  const auto* value = value_of(file, version_key);
  if (!value)
    findings.add(Fault::no_version, "the file does not say its \"version\"");
  else if (*value != version)
    findings.add(Fault::wrong_version,
                 fmt::format("\"version\" is {}", shown(*value)));
}

const SubmissionFormat* recognise_cirr(const SubmissionFile& file,
                                       Findings& findings) {
  check_version(file, findings);
  const auto length = usual_length(file);
  const auto* by_length =
      format_by("cirr", [&](const auto& row) { return row.names == length; });
  const auto* metric = value_of(file, metric_key);
  const auto* named = format_by(
      "cirr", [&](const auto& row) { return metric && *metric == row.metric; });
  if (!metric)
    findings.add(Fault::no_metric, "the file does not say its \"metric\"");
  else if (!named)
    findings.add(Fault::wrong_metric,
                 fmt::format("\"metric\" is {}", shown(*metric)));
  else if (by_length && by_length != named)
    findings.add(Fault::other_metric,
                 fmt::format("\"metric\" is \"{}\", but the lists have {} "
                             "names",
                             named->metric, length));
  if (by_length) return by_length;
  return named ? named : &submission_formats.front();
}

}  // namespace

bool is_head_key(std::string_view key) {
  return key == version_key || key == metric_key;
}

const SubmissionFormat* recognise_submission(const SubmissionFile& file,
                                             const std::string& benchmark,
                                             Findings& findings) {
  const auto name =
      benchmark.empty() ? benchmark_of(file) : std::string_view(benchmark);
  if (name.empty()) {
    findings.add(Fault::unknown_format,
                 "the file looks neither like CIRR's nor like CIRCO's");
    return nullptr;
  }
  if (name == "cirr") return recognise_cirr(file, findings);
  return format_by(name, [](const auto&) { return true; });
}

}  // namespace igrot::app
