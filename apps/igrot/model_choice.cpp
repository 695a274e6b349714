#include "model_choice.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/fail.h"
#include "model_store.h"

namespace igrot::app {
namespace {

namespace fs = std::filesystem;

bool is_folder(const fs::path& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

bool is_weights(const fs::path& path) {
  constexpr std::array<std::string_view, 3> endings{".safetensors", ".pth",
                                                    ".pt"};
  return std::ranges::find(endings, path.extension().string()) != endings.end();
}

}  // namespace

fs::path data_folder(const Session& session) {
  if (const auto chosen = session.settings.path("data")) {
    if (!is_folder(*chosen))
      fail(ErrorKind::not_found, "{}: no such folder (--data)",
           chosen->string());
    return *chosen;
  }
  const auto installed =
      session.world().program.parent_path().parent_path() / "share" / "igrot";
  for (const fs::path& folder : {installed, fs::path(IGROT_SOURCE_DATA)})
    if (is_folder(folder)) return folder;
  fail(ErrorKind::not_found,
       "{}: the shipped model and pictures are not there; --data names their "
       "folder",
       installed.string());
}

fs::path shipped_model(const Session& session) {
  const auto folder = data_folder(session) / "demo";
  std::error_code error;
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (is_weights(entry.path())) found.push_back(entry.path());
  if (found.empty())
    fail(ErrorKind::not_found,
         "{}: no model is shipped there; --model names one", folder.string());
  return std::ranges::min(found);
}

std::optional<fs::path> given_model(const Session& session) {
  const auto given = session.settings.path("model");
  if (!given) return std::nullopt;
  return resolve_model(session, *given);
}

fs::path chosen_model(const Session& session) {
  if (auto given = given_model(session)) return *given;
  return shipped_model(session);
}

LoadOptions load_options(const Session& session, Precision precision) {
  LoadOptions options;
  options.engine =
      session.settings.choice(engines, "engine").value_or(Engine::dnnl);
  options.precision = precision;
  if (auto activation = session.settings.text("activation");
      !activation.empty())
    options.activation = std::move(activation);
  options.runtime = session.runtime();
  return options;
}

}  // namespace igrot::app
