#include "model_store.h"

#include "base/fail.h"
#include "hub_cache.h"

namespace igrot::app {
namespace {

namespace fs = std::filesystem;

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

bool is_http(std::string_view address) {
  return address.starts_with("http://") || address.starts_with("https://");
}

/// A base that addresses are put behind, without slash at its end.
std::string base_address(std::string base, std::string_view origin) {
  if (!is_http(base))
    fail(ErrorKind::usage, "{} is '{}', expected http://... or https://...",
         origin, base);
  while (base.ends_with('/')) base.pop_back();
  return base;
}

}  // namespace

fs::path store_folder(const Session& session, const KnownModel& model) {
  const auto data =
      user_folder(session.world().environment, "XDG_DATA_HOME", ".local/share");
  if (!data)
    fail(ErrorKind::usage,
         "neither XDG_DATA_HOME nor HOME says where models belong");
  return *data / "igrot" / "models" / model.name;
}

std::optional<fs::path> find_files(const Session& session,
                                   const KnownModel& model) {
  if (auto store = store_folder(session, model); holds_files(store, model))
    return store;
  return find_snapshot(session.world().environment, model);
}

fs::path loadable(const fs::path& folder, const KnownModel& model) {
  return model.files.size() == 1 ? folder / model.files.front().name : folder;
}

fs::path resolve_model(const Session& session, const fs::path& given) {
  if (is_there(given)) return given;
  const auto* model = find_known_model(given.native());
  if (!model) {
    if (!given.has_parent_path() && !given.has_extension())
      fail(ErrorKind::not_found,
           "{}: no such file or folder, and no known model (igrot model list)",
           given.string());
    return given;
  }
  if (model->files.empty()) fail_by_hand(*model);
  if (const auto folder = find_files(session, *model))
    return loadable(*folder, *model);
  fail(ErrorKind::not_found,
       "{} is not on this machine yet: igrot model fetch {}", model->name,
       model->name);
}

void fail_by_hand(const KnownModel& model) {
  fail(ErrorKind::unsupported,
       "{} cannot be fetched by a program: download it from {} and name the "
       "file with --model",
       model.name, model.page);
}

std::string address_for(const Session& session, const KnownFile& file) {
  const auto mirror = session.settings.find("model-mirror");
  if (!mirror.text.empty()) {
    const auto host = file.address.substr(file.address.find("://") + 3);
    return base_address(mirror.text, mirror.origin) + "/" + std::string(host);
  }
  const auto hub = session.world().environment("HF_ENDPOINT").value_or("");
  if (!hub.empty() && file.address.starts_with(hub_address))
    return base_address(hub, "HF_ENDPOINT") +
           std::string(file.address.substr(hub_address.size()));
  return std::string(file.address);
}

}  // namespace igrot::app
