#include "program.h"

#include <algorithm>
#include <cstdio>
#include <map>

#include "base/fail.h"
#include "exit_codes.h"
#include "help.h"
#include "output.h"
#include "verb.h"

namespace igrot::app {
namespace {

/// The runs of the verbs that were declared, by command.
using Runs = std::map<const CLI::App*, Run>;

CLI::App& parent_of(CLI::App& app, const Verb& verb) {
  const auto space = verb.name.find(' ');
  if (space == std::string_view::npos) return app;
  const std::string name(verb.name.substr(0, space));
  for (auto* known : app.get_subcommands({}))
    if (known->get_name() == name) return *known;
  auto* parent = app.add_subcommand(name);
  parent->require_subcommand(1);
  return *parent;
}

Run declare(CLI::App& app, const Verb& verb, Session& session) {
  auto& parent = parent_of(app, verb);
  const auto space = verb.name.rfind(' ');
  auto* command = parent.add_subcommand(
      std::string(
          verb.name.substr(space == std::string_view::npos ? 0 : space + 1)),
      std::string(verb.summary));
  auto run = verb.declare(*command, session);
  command->add_flag("-q,--quiet", session.quiet, "no warnings, no progress");
  command->add_flag("-v,--verbose", session.verbose, "say more on stderr");
  return run;
}

void declare_all(CLI::App& app, Session& session, Runs& runs) {
  app.set_help_flag("-h,--help", "print this help and end");
  app.set_version_flag("--version", "igrot " IGROT_VERSION,
                       "print the version and end");
  app.require_subcommand(1);
  for (const auto& verb : verbs()) {
    auto run = declare(app, verb, session);
    auto* command = &app;
    for (const auto& name : CLI::detail::split(std::string(verb.name), ' '))
      command = command->get_subcommand(name);
    runs.emplace(command, std::move(run));
  }
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

/// The command that was named, and its name: "gallery check".
struct Named {
  const CLI::App* command;
  std::string name;
};

Named named(const CLI::App& app) {
  Named found{&app, {}};
  while (!found.command->get_subcommands().empty()) {
    found.command = found.command->get_subcommands().front();
    found.name += (found.name.empty() ? "" : " ") + found.command->get_name();
  }
  return found;
}

std::string help_for(const CLI::App& app) {
  const auto [command, name] = named(app);
  for (const auto& verb : verbs())
    if (verb.name == name) return verb_help(verb, *command);
  return name.empty() ? main_help() : group_help(name);
}

/// The exit code when the command line itself ends the program.
int end_parse(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) {
    if (dynamic_cast<const CLI::CallForVersion*>(&error))
      print(std::string(error.what()) + "\n");
    else
      print(help_for(app));
    flush_output();
    return exit_done;
  }
  const auto name = named(app).name;
  fmt::print(stderr, "igrot: {}\nSee igrot {}-h.\n", printable(error.what()),
             name.empty() ? name : name + " ");
  return describe(ErrorKind::usage).exit_code;
}

int run_parsed(const CLI::App& app, const Runs& runs, Session& session) {
  session.settings.read_files(session.world().working_folder);
  const int code = runs.at(named(app).command)();
  flush_output();
  return code;
}

int run_arguments(const std::vector<std::string>& arguments, World world) {
  refuse_later_verbs(arguments);
  Session session(std::move(world));
  CLI::App app{"", "igrot"};
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
