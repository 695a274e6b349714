// `igrot model list`: the models igrot can fetch, and which of them are here.
#include "base/fail.h"
#include "model_store.h"
#include "output.h"
#include "verbs.h"

namespace igrot::app {
namespace {

struct Options {
  std::string name;
};

Json known_or_null(std::string_view text) {
  return text.empty() ? Json() : Json(text);
}

Json json_of(const KnownFile& file) {
  return {{"name", file.name},
          {"address", file.address},
          {"sha256", known_or_null(file.sha256)},
          {"size_bytes", file.size_bytes ? Json(file.size_bytes) : Json()}};
}

Json json_of(const KnownModel& model, const Session& session) {
  auto files = Json::array();
  for (const auto& file : model.files) files.push_back(json_of(file));
  const auto folder = find_files(session, model);
  return {{"name", model.name},
          {"what", model.what},
          {"layout", model.layout},
          {"licence", known_or_null(model.licence)},
          {"page", model.page},
          {"runs", model.runs},
          {"path", folder ? Json(loadable(*folder, model).string()) : Json()},
          {"files", files}};
}

Json json_of_all(const Session& session) {
  auto all = Json::array();
  for (const auto& model : known_models())
    all.push_back(json_of(model, session));
  return all;
}

constexpr double bytes_per_mb = 1e6;

/// "354 MB"; "?" where it is not published.
std::string size_of(const KnownModel& model) {
  double mb = 0;
  for (const auto& file : model.files) {
    const auto exact = static_cast<double>(file.size_bytes) / bytes_per_mb;
    mb += file.size_bytes > 0 ? exact : file.about_mb;
  }
  return mb > 0 ? fmt::format("{:.0f} MB", mb) : "?";
}

std::string_view state_of(const KnownModel& model, const Session& session) {
  if (find_files(session, model)) return model.runs ? "here" : "here, not run";
  if (model.files.empty()) return "by hand";
  return model.runs ? "not here" : "not run yet";
}

void print_table(const Session& session) {
  const bool colour = session.terminal().colour;
  print(styled(fmt::format("{:<20} {:<12} {:>8}  {:<13} {}", "name", "layout",
                           "size", "licence", "state"),
               "1", colour) +
        "\n");
  for (const auto& model : known_models())
    print(fmt::format("{:<20} {:<12} {:>8}  {:<13} {}\n", model.name,
                      model.layout, size_of(model),
                      model.licence.empty() ? "none stated" : model.licence,
                      state_of(model, session)));
}

void print_model(const Json& model) {
  const auto line = [](const char* name, const Json& value) {
    const auto text = value.is_string() ? value.get<std::string>()
                      : value.is_null() ? "not in the table"
                                        : json_text(value);
    print(fmt::format("{:<9} {}\n", name, printable(text)));
  };
  for (const auto* name : {"name", "what", "layout"}) line(name, model[name]);
  line("licence",
       model["licence"].is_null() ? Json("none stated") : model["licence"]);
  line("page", model["page"]);
  if (!model["path"].is_null()) line("path", model["path"]);
  for (const auto& file : model["files"]) {
    print("\n");
    line("file", file["name"]);
    line("address", file["address"]);
    line("SHA-256", file["sha256"]);
    line("bytes", file["size_bytes"]);
  }
}

int run(const Options& options, const Session& session) {
  const bool all = options.name.empty();
  if (all && !session.json) {
    print_table(session);
    return session.exit_code();
  }
  const auto json =
      all ? json_of_all(session) : json_of(known_model(options.name), session);
  if (session.json)
    print_json(json, 1);
  else
    print_model(json);
  return session.exit_code();
}

Run declare(CLI::App& command, Session& session) {
  auto options = std::make_shared<Options>();
  command
      .add_option("NAME", options->name,
                  "one model, with addresses and SHA-256 [all]")
      ->type_name("NAME");
  offer_json(command, session);
  return [options, &session] { return run(*options, session); };
}

}  // namespace

constinit const Verb model_list_verb{
    "model list", everybody_section,
    "lists the models that can be fetched, and which are here",
    R"(  igrot model list
  igrot model list openai-vit-b-32
  igrot model list --json)",
    declare};

}  // namespace igrot::app
