#include "caption_inputs.h"

#include <algorithm>
#include <set>

#include "base/bytes.h"
#include "base/fail.h"
#include "base/file.h"
#include "formats/foreign_text.h"
#include "lines.h"
#include "picture_files.h"
#include "picture_signature.h"

namespace igrot::app {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t prompt_limit_bytes = 64 << 10;

std::vector<fs::path> pictures_below(const fs::path& folder,
                                     const Session& session) {
  std::vector<fs::path> files;
  walk_pictures(folder,
                {.file = [&](const fs::path& path) { files.push_back(path); },
                 .walked = [](const fs::path&) {},
                 .unreadable =
                     [&](const fs::path& path, const std::string& why) {
                       session.warn(fmt::format("{}: {}", path.string(), why));
                     },
                 .stopped = [&] { return session.stopped(); }});
  return files;
}

}  // namespace

std::vector<fs::path> find_pictures(const fs::path& given,
                                    const Session& session) {
  std::error_code error;
  if (fs::is_directory(given, error)) return pictures_below(given, session);
  if (is_meant_as_picture(given)) return {given};
  std::vector<fs::path> files;
  for (auto& line : read_list(given))
    if (!line.empty()) files.emplace_back(std::move(line));
  return files;
}

CaptionNames::CaptionNames(const fs::path& log)
    : folder_(fs::absolute(log).lexically_normal().parent_path()) {}

CaptionJob CaptionNames::job(const fs::path& file) const {
  const auto path = fs::absolute(file).lexically_normal();
  const auto relative = path.lexically_relative(folder_);
  const bool below = !relative.empty() && *relative.begin() != "..";
  return {file, (below ? relative : path).string()};
}

std::vector<CaptionJob> CaptionNames::jobs(
    const std::vector<fs::path>& files) const {
  std::vector<CaptionJob> jobs;
  std::set<std::string> seen;
  for (const auto& file : files)
    if (auto job = this->job(file); seen.insert(job.name).second)
      jobs.push_back(std::move(job));
  return jobs;
}

std::string caption_prompt(const std::string& given) {
  std::string prompt = given;
  if (given.starts_with('@'))
    prompt = as_text(read_file(given.substr(1), prompt_limit_bytes));
  while (prompt.ends_with('\n') || prompt.ends_with('\r')) prompt.pop_back();
  if (prompt.empty() || !is_utf8(prompt))
    fail(ErrorKind::usage, "--prompt is {}",
         prompt.empty() ? "empty" : "not UTF-8");
  return prompt;
}

std::string caption_key(const Session& session) {
  constexpr std::string_view blank = " \t\r\n";
  for (const auto* name : {"IGROT_API_KEY", "OPENAI_API_KEY"}) {
    auto key = session.world().environment(name).value_or("");
    key.erase(0, std::min(key.find_first_not_of(blank), key.size()));
    key.erase(key.find_last_not_of(blank) + 1);
    if (key.empty()) continue;
    if (std::ranges::any_of(key, [](char c) { return c <= ' ' || c > '~'; }))
      fail(ErrorKind::usage, "{} holds characters that no key has", name);
    return key;
  }
  return {};
}

}  // namespace igrot::app
