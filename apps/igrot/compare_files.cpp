#include "compare_files.h"

#include <algorithm>
#include <limits>
#include <map>

#include "base/fail.h"
#include "base/file.h"
#include "lines.h"

namespace igrot::app {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t result_limit_bytes = std::uint64_t{256} << 20;

Json read_settings(const fs::path& folder) {
  const auto file = folder / "result.json";
  if (!fs::exists(file))
    fail(ErrorKind::not_found,
         "{}: is not there; a folder that `igrot eval --out` wrote is expected",
         file.string());
  return at(file.string(), [&] {
    const auto document =
        parse_json(std::string(as_text(read_file(file, result_limit_bytes))));
    if (!document.is_object() || !document.contains("settings") ||
        !document["settings"].is_object())
      fail(ErrorKind::corrupt, "holds no 'settings'");
    return document["settings"];
  });
}

fs::path questions_file(const fs::path& folder) {
  auto file = folder / "questions.jsonl";
  if (!fs::exists(file))
    fail(ErrorKind::not_found,
         "{}: is not there; run `igrot eval` again, older versions did not "
         "write it",
         file.string());
  return file;
}

/// Calls take(line, question) for every line.
template <class Take>
void for_each_question(const fs::path& folder, const Take& take) {
  LineReader lines(questions_file(folder));
  for (std::size_t number = 0; const auto line = lines.next(); ++number)
    at(lines.place(), [&] { take(number, *line); });
}

/// The values in the order of the run's metrics, which the first one sets.
std::vector<double> ordered_values(const LoggedQuestion& question,
                                   EvalRun& run) {
  std::vector<std::string> names;
  std::vector<double> values;
  for (const auto& [name, value] : question.values) {
    names.push_back(name);
    values.push_back(value);
  }
  if (run.metrics.empty()) run.metrics = names;
  if (names != run.metrics)
    fail(ErrorKind::corrupt, "has other metrics than the questions before it");
  return values;
}

void flatten(const Json& value, const std::string& name,
             std::map<std::string, Json>& flat) {
  if (!value.is_object() || value.empty()) {
    flat.emplace(name, value);
    return;
  }
  for (const auto& [key, inner] : value.items())
    flatten(inner, name.empty() ? key : name + "/" + key, flat);
}

}  // namespace

EvalFolder read_eval_folder(const fs::path& folder) {
  EvalFolder found{
      .path = folder, .settings = read_settings(folder), .run = {}};
  found.run.name = folder.string();
  for_each_question(folder, [&](std::size_t number, const std::string& line) {
    auto question = logged_question(line);
    if (question.values.empty()) return;
    found.run.questions.push_back(
        {.task = std::move(question.task),
         .split = std::move(question.split),
         .method = std::move(question.method),
         .id = std::move(question.id),
         .first = question.first,
         .values = ordered_values(question, found.run),
         .line = number});
  });
  if (found.run.questions.empty())
    fail(ErrorKind::usage,
         "{}: has no question whose right answers are known, so there is "
         "nothing to compare",
         folder.string());
  return found;
}

std::vector<LoggedQuestion> read_logged_questions(
    const fs::path& folder, std::span<const std::size_t> lines) {
  std::map<std::size_t, LoggedQuestion> wanted;
  for (const auto line : lines) wanted.try_emplace(line);
  for_each_question(folder, [&](std::size_t number, const std::string& line) {
    if (const auto found = wanted.find(number); found != wanted.end())
      found->second = logged_question(line);
  });
  std::vector<LoggedQuestion> questions;
  for (const auto line : lines) questions.push_back(wanted.at(line));
  return questions;
}

std::vector<SettingChange> setting_changes(const Json& a, const Json& b) {
  std::map<std::string, Json> of_a;
  std::map<std::string, Json> of_b;
  flatten(a, "", of_a);
  flatten(b, "", of_b);
  std::vector<SettingChange> changes;
  for (const auto& [name, value] : of_a) {
    const auto other = of_b.find(name);
    if (other == of_b.end())
      changes.push_back({name, value, Json()});
    else if (other->second != value)
      changes.push_back({name, value, other->second});
  }
  for (const auto& [name, value] : of_b)
    if (!of_a.contains(name)) changes.push_back({name, Json(), value});
  std::ranges::sort(changes, {}, &SettingChange::name);
  return changes;
}

}  // namespace igrot::app
