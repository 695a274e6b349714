#include "hub_cache.h"

#include <algorithm>
#include <fstream>
#include <vector>

namespace igrot::app {
namespace {

namespace fs = std::filesystem;

/// The parts of https://huggingface.co/ORG/NAME/resolve/REVISION/FILE.
struct HubPlace {
  std::string organisation;
  std::string name;
  std::string revision;
};

std::optional<HubPlace> hub_place(std::string_view address) {
  if (!address.starts_with(hub_address)) return std::nullopt;
  const fs::path path(address.substr(hub_address.size()));
  const std::vector<std::string> parts(path.begin(), path.end());
  if (parts.size() != 6 || parts[3] != "resolve") return std::nullopt;
  return HubPlace{parts[1], parts[2], parts[4]};
}

std::string first_line(const fs::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

/// Names of snapshots, those to be preferred first.
std::vector<std::string> snapshots(const fs::path& repository,
                                   const std::string& revision) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry :
       fs::directory_iterator(repository / "snapshots", error))
    names.push_back(entry.path().filename().string());
  std::ranges::sort(names);
  const auto branch = first_line(repository / "refs" / revision);
  const auto prefer = [&](const std::string& wanted) {
    std::ranges::stable_partition(
        names, [&](const std::string& name) { return name == wanted; });
  };
  prefer(branch);
  prefer(revision);
  return names;
}

}  // namespace

std::optional<fs::path> hub_cache(const Environment& environment) {
  const auto variable = [&](const char* name) {
    return environment(name).value_or("");
  };
  if (const auto cache = variable("HF_HUB_CACHE"); !cache.empty()) return cache;
  if (const auto home = variable("HF_HOME"); !home.empty())
    return fs::path(home) / "hub";
  const auto caches = user_folder(environment, "XDG_CACHE_HOME", ".cache");
  if (!caches) return std::nullopt;
  return *caches / "huggingface" / "hub";
}

bool hub_is_offline(const Environment& environment) {
  auto value = environment("HF_HUB_OFFLINE").value_or("");
  std::ranges::transform(value, value.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return value == "1" || value == "ON" || value == "YES" || value == "TRUE";
}

std::optional<fs::path> find_snapshot(const Environment& environment,
                                      const KnownModel& model) {
  const auto cache = hub_cache(environment);
  if (!cache || model.files.empty()) return std::nullopt;
  const auto place = hub_place(model.files.front().address);
  if (!place) return std::nullopt;
  const auto repository =
      *cache / ("models--" + place->organisation + "--" + place->name);
  for (const auto& name : snapshots(repository, place->revision)) {
    const auto folder = repository / "snapshots" / name;
    if (holds_files(folder, model)) return folder;
  }
  return std::nullopt;
}

bool holds_files(const fs::path& folder, const KnownModel& model) {
  return !model.files.empty() &&
         std::ranges::all_of(model.files, [&](const KnownFile& file) {
           const auto path = folder / file.name;
           std::error_code error;
           if (!fs::is_regular_file(path, error)) return false;
           const auto size = fs::file_size(path, error);
           return !error && size > 0 &&
                  (file.size_bytes == 0 || size == file.size_bytes);
         });
}

}  // namespace igrot::app
