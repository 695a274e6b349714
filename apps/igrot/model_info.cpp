// `igrot model info`: what a file of weights is and holds.
#include "base/fail.h"
#include "base/sha256.h"
#include "model_store.h"
#include "models/describe.h"
#include "output.h"
#include "verbs.h"

namespace igrot::app {
namespace {

struct Options {
  std::string file;
  bool tensors = false;
  bool hash = false;
};

bool is_folder(const std::string& path) {
  std::error_code error;
  return std::filesystem::is_directory(path, error);
}

// A container that is no model, or lies beside a configuration that cannot be
// read, is still shown.
ModelFiles open_files(const std::string& path) {
  try {
    return open_model_files(path);
  } catch (const Error&) {
    if (is_folder(path)) throw;
    return {.path = path,
            .folder = {},
            .parts = {Checkpoint::open(path)},
            .hints = {}};
  }
}

void add_tensors(const Checkpoint& checkpoint, bool hash,
                 const Session& session, Json& rows) {
  auto bar = session.bar("hashing");
  const auto total = rows.size() + checkpoint.tensors().size();
  for (const auto& [name, tensor] : checkpoint.tensors()) {
    if (session.stopped()) break;
    Json row{{"name", name},
             {"dtype", describe(tensor.dtype()).name},
             {"shape", tensor.shape()}};
    if (hash) row["sha256"] = sha256_hex(tensor.bytes());
    rows.push_back(std::move(row));
    if (hash) bar.show(rows.size(), total);
  }
}

Json describe_files(const ModelFiles& files) {
  const auto description = describe_model(files);
  Json info{{"container", describe(files.parts.front().container())},
            {"layout", nullptr},
            {"config", nullptr}};
  if (description.layout) info["layout"] = *description.layout;
  if (description.config) info["config"] = Json::parse(*description.config);
  std::size_t parameters = 0;
  for (const auto& part : files.parts) {
    for (const auto& named : part.tensors()) parameters += named.tensor.size();
    if (!part.metadata().empty()) info["metadata"] = part.metadata();
  }
  info["parameters"] = parameters;
  return info;
}

void print_text(const Json& info) {
  const auto shown = [](const Json& value) {
    return value.is_string() ? value.get<std::string>() : json_text(value);
  };
  for (const auto& [name, value] : info.items()) {
    if (name == "tensors" || name == "config") continue;
    print(fmt::format("{:<12} {}\n", name,
                      value.is_null() ? "unknown" : printable(shown(value))));
  }
  for (const auto& [name, value] : info["config"].items())
    print(fmt::format("  {:<10} {}\n", name, printable(shown(value))));
  if (!info.contains("tensors")) return;
  for (const auto& row : info["tensors"])
    print(fmt::format("{:<9} {:<20} {} {}\n", row["dtype"].get<std::string>(),
                      json_text(row["shape"]), row.value("sha256", ""),
                      printable(row["name"].get<std::string>())));
}

int run(const Options& options, Session& session) {
  const auto files = open_files(resolve_model(session, options.file));
  auto info = describe_files(files);
  if (options.tensors || options.hash) {
    auto rows = Json::array();
    for (const auto& part : files.parts)
      add_tensors(part, options.hash, session, rows);
    info["tensors"] = std::move(rows);
  }
  if (session.stopped()) return session.exit_code();
  if (session.json)
    print_json(info, 1);
  else
    print_text(info);
  return session.exit_code();
}

Run declare(CLI::App& command, Session& session) {
  auto options = std::make_shared<Options>();
  command
      .add_option("MODEL", options->file,
                  "a checkpoint, a model folder, or a known name")
      ->required()
      ->type_name("F");
  command.add_flag("--tensors", options->tensors, "list every tensor");
  command.add_flag("--hash", options->hash,
                   "with the SHA-256 of each tensor's elements");
  offer_json(command, session);
  return [options, &session] { return run(*options, session); };
}

}  // namespace

constinit const Verb model_info_verb{
    "model info", everybody_section,
    "shows layout, configuration and tensors of a model file",
    R"(  igrot model info ViT-B-32.pt
  igrot model info m.safetensors --tensors --hash --json)",
    declare};

}  // namespace igrot::app
