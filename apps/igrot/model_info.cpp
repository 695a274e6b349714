// `igrot model info`: what a file of weights is and holds.
#include "base/fail.h"
#include "base/sha256.h"
#include "formats/checkpoint.h"
#include "output.h"
#include "verbs.h"

namespace igrot::app {
namespace {

struct Options {
  std::string file;
  bool tensors = false;
  bool hash = false;
};

struct Described {
  Checkpoint checkpoint;
  Json layout;  // null where no model is known by these tensors
  Json config;
};

Described describe_file(const std::string& file) {
  return {Checkpoint::open(file), nullptr, nullptr};
}

Json tensor_rows(const Checkpoint& checkpoint, bool hash, Session& session) {
  auto rows = Json::array();
  auto bar = session.bar("hashing");
  for (const auto& [name, tensor] : checkpoint.tensors()) {
    if (session.stopped()) break;
    Json row{{"name", name},
             {"dtype", describe(tensor.dtype()).name},
             {"shape", tensor.shape()}};
    if (hash) row["sha256"] = sha256_hex(tensor.bytes());
    rows.push_back(std::move(row));
    if (hash) bar.show(rows.size(), checkpoint.tensors().size());
  }
  return rows;
}

std::size_t parameter_count(const Checkpoint& checkpoint) {
  std::size_t count = 0;
  for (const auto& named : checkpoint.tensors()) count += named.tensor.size();
  return count;
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
    print(fmt::format("  {:<24} {}\n", name, printable(shown(value))));
  if (!info.contains("tensors")) return;
  for (const auto& row : info["tensors"])
    print(fmt::format("{:<9} {:<20} {} {}\n", row["dtype"].get<std::string>(),
                      json_text(row["shape"]), row.value("sha256", ""),
                      printable(row["name"].get<std::string>())));
}

int run(const Options& options, Session& session) {
  const auto described = describe_file(options.file);
  const auto& checkpoint = described.checkpoint;
  Json info{{"container", describe(checkpoint.container())},
            {"layout", described.layout},
            {"config", described.config},
            {"parameters", parameter_count(checkpoint)}};
  if (!checkpoint.metadata().empty()) info["metadata"] = checkpoint.metadata();
  if (options.tensors || options.hash)
    info["tensors"] = tensor_rows(checkpoint, options.hash, session);
  if (session.stopped()) return session.exit_code();
  if (session.json)
    print_json(info, 1);
  else
    print_text(info);
  return session.exit_code();
}

Run declare(CLI::App& command, Session& session) {
  auto options = std::make_shared<Options>();
  command.add_option("MODEL", options->file, "a checkpoint")
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
