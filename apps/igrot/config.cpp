// `igrot config`: every setting with its value and origin, and what this build
// and this machine have.
#include "base/fail.h"
#include "igrot/image.h"
#include "igrot/settings.h"
#include "output.h"
#include "processor.h"
#include "verbs.h"

namespace igrot::app {
namespace {

Json setting_values(const Session& session) {
  auto values = Json::array();
  for (const auto& row : setting_rows) {
    Json value{{"name", row.name}};
    try {
      const auto found = session.settings.find(row.name);
      value["value"] = found.text;
      value["origin"] = found.origin;
    } catch (const Error& error) {
      value["error"] = error.what();
    }
    value["variable"] = variable_name(row.name);
    values.push_back(std::move(value));
  }
  return values;
}

Json names_of(const auto& table) {
  auto names = Json::array();
  for (const auto& row : table) names.push_back(row.name);
  return names;
}

Json everything(const Session& session) {
  return {{"version", IGROT_VERSION},
          {"settings", setting_values(session)},
          {"threads", session.runtime().thread_count()},
          {"processor", processor_features()},
          {"pictures", picture_formats()},
          {"engines", names_of(engines)}};
}

std::string joined(const Json& list) {
  std::string text;
  for (const auto& item : list)
    text += (text.empty() ? "" : " ") + item.get<std::string>();
  return text.empty() ? "-" : text;
}

std::string setting_line(const Json& value, bool colour) {
  const auto text = value.value("value", "");
  return fmt::format(
      "  {:<16} {:<24} {}\n", value["name"].get<std::string>(),
      printable(text.empty() ? "-" : text),
      value.contains("error")
          ? printable(value["error"].get<std::string>())
          : styled(printable(value["origin"].get<std::string>()), "2", colour));
}

void print_text(const Json& all, bool colour) {
  print(fmt::format("igrot {}\n\nSettings (name, value, origin)\n",
                    all["version"].get<std::string>()));
  for (const auto& value : all["settings"]) print(setting_line(value, colour));
  print(fmt::format("\nThis machine and build\n  {:<16} {}\n", "threads",
                    all["threads"].get<std::size_t>()));
  for (const auto* name : {"processor", "pictures", "engines"})
    print(fmt::format("  {:<16} {}\n", name, joined(all[name])));
}

int run(Session& session) {
  const auto all = everything(session);
  if (session.json)
    print_json(all, 1);
  else
    print_text(all, session.terminal().colour);
  return session.exit_code();
}

Run declare(CLI::App& command, Session& session) {
  offer_json(command, session);
  return [&session] { return run(session); };
}

}  // namespace

constinit const Verb config_verb{
    "config", everybody_section,
    "shows settings, where they came from, what this build has",
    R"(  igrot config
  IGROT_PRECISION=f32 igrot config --json)",
    declare};

}  // namespace igrot::app
