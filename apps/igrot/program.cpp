#include "program.h"

#include <algorithm>
#include <cstdio>
#include <map>

#include "base/fail.h"
#include "exit_codes.h"
#include "output.h"
#include "verb.h"

namespace igrot::app {
namespace {

constexpr std::string_view about =
    "Finds pictures from a picture plus words: \"this, but at night\".";

constexpr std::string_view first_steps = R"(Start with
  igrot index ~/Pictures
  cd ~/Pictures && igrot search "a dog on the beach"
  igrot search --image dog.jpg "in the snow" --report found.html

igrot VERB -h tells more, with examples. Settings may also stand in IGROT_*
variables and igrot.toml: see igrot config.)";

/// The runs of the verbs that were declared, by command.
using Runs = std::map<const CLI::App*, Run>;

CLI::App& parent_of(CLI::App& app, const Verb& verb) {
  const auto space = verb.name.find(' ');
  if (space == std::string_view::npos) return app;
  const std::string name(verb.name.substr(0, space));
  for (auto* known : app.get_subcommands({}))
    if (known->get_name() == name) return *known;
  auto* parent = app.add_subcommand(name);
  parent->group(std::string(verb.section));
  parent->require_subcommand(1);
  return *parent;
}

// "check | compact | export" stands for the summaries of a parent's verbs.
void describe_parents(CLI::App& app) {
  for (auto* parent : app.get_subcommands({})) {
    std::string names;
    for (const auto* child : parent->get_subcommands({}))
      names += (names.empty() ? "" : " | ") + child->get_name();
    if (!names.empty()) parent->description(names);
  }
}

Run declare(CLI::App& app, const Verb& verb, Session& session) {
  auto& parent = parent_of(app, verb);
  const auto space = verb.name.rfind(' ');
  auto* command = parent.add_subcommand(
      std::string(
          verb.name.substr(space == std::string_view::npos ? 0 : space + 1)),
      std::string(verb.summary));
  command->group(std::string(verb.section));
  command->footer("Examples:\n" + std::string(verb.examples));
  auto run = verb.declare(*command, session);
  command->add_flag("-q,--quiet", session.quiet, "no warnings, no progress");
  command->add_flag("-v,--verbose", session.verbose, "say more on stderr");
  return run;
}

void declare_all(CLI::App& app, Session& session, Runs& runs) {
  app.set_help_flag("-h,--help", "print this help and end");
  app.set_version_flag("--version", "igrot " IGROT_VERSION,
                       "print the version and end");
  app.get_formatter()->label("SUBCOMMAND", "VERB");
  app.footer(std::string(first_steps));
  app.require_subcommand(1);
  for (const auto& verb : verbs()) {
    auto run = declare(app, verb, session);
    auto* command = &app;
    for (const auto& name : CLI::detail::split(std::string(verb.name), ' '))
      command = command->get_subcommand(name);
    runs.emplace(command, std::move(run));
  }
  describe_parents(app);
}

void refuse_later_verbs(const std::vector<std::string>& arguments) {
  std::string name;
  for (std::size_t i = 0; i < std::min<std::size_t>(2, arguments.size()); ++i) {
    name += (i ? " " : "") + arguments[i];
    for (const auto& later : later_verbs())
      if (later.name == name)
        fail(ErrorKind::unsupported, "{}: {} is not in this build", name,
             later.what);
  }
}

/// The exit code when the command line itself ends the program.
int end_parse(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) {
    if (dynamic_cast<const CLI::CallForVersion*>(&error))
      print(std::string(error.what()) + "\n");
    else
      print(app.help());
    flush_output();
    return exit_done;
  }
  const auto* command = &app;
  std::string name = "igrot";
  while (!command->get_subcommands().empty()) {
    command = command->get_subcommands().front();
    name += " " + command->get_name();
  }
  fmt::print(stderr, "igrot: {}\nSee {} -h.\n", printable(error.what()), name);
  return describe(ErrorKind::usage).exit_code;
}

int run_parsed(const CLI::App& app, const Runs& runs, Session& session) {
  session.settings.read_files(session.world().working_folder);
  const auto* command = &app;
  while (!command->get_subcommands().empty())
    command = command->get_subcommands().front();
  const int code = runs.at(command)();
  flush_output();
  return code;
}

int run_arguments(const std::vector<std::string>& arguments, World world) {
  refuse_later_verbs(arguments);
  Session session(std::move(world));
  CLI::App app{std::string(about), "igrot"};
  Runs runs;
  declare_all(app, session, runs);
  try {
    // CLI11 takes them last one first.
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ParseError& error) {
    return end_parse(app, error);
  }
  return run_parsed(app, runs, session);
}

}  // namespace

int run_program(const std::vector<std::string>& arguments, World world) {
  try {
    return run_arguments(arguments, std::move(world));
  } catch (const Error& error) {
    fmt::print(stderr, "igrot: {}\n", printable(error.what()));
    return describe(error.kind()).exit_code;
  } catch (const std::bad_alloc&) {
    fmt::print(stderr, "igrot: the system has no more memory to give\n");
    return describe(ErrorKind::io).exit_code;
  } catch (const std::filesystem::filesystem_error& error) {
    fmt::print(stderr, "igrot: {}\n", printable(error.what()));
    return describe(ErrorKind::io).exit_code;
  } catch (const std::exception& error) {
    fmt::print(stderr, "igrot: this should not happen: {}\n",
               printable(error.what()));
    return exit_own_fault;
  }
}

}  // namespace igrot::app
