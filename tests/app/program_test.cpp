// The program from outside: help, exit codes, configuration.
#include <gmock/gmock.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "run.h"
#include "settings_table.h"
#include "tests/temporary_folder.h"
#include "verb.h"

namespace igrot::app {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

std::vector<std::string> words(std::string_view text) {
  return CLI::detail::split(std::string(text), ' ');
}

TEST(Help, NamesEveryVerb) {
  const auto ran = run({"-h"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_THAT(ran.err, IsEmpty());
  for (const auto& verb : verbs())
    EXPECT_THAT(ran.out, HasSubstr("  " + std::string(verb.name) + " "));
}

TEST(Help, ShowsSummaryAndExamplesOfEachVerb) {
  for (const auto& verb : verbs()) {
    auto arguments = words(verb.name);
    arguments.push_back("-h");
    const auto ran = run(arguments);
    EXPECT_EQ(ran.exit_code, 0) << verb.name;
    EXPECT_THAT(ran.out, StartsWith(std::string(verb.summary)));
    EXPECT_THAT(ran.out, HasSubstr("Examples:\n  "));
    EXPECT_THAT(ran.out, HasSubstr("igrot " + std::string(verb.name)));
    EXPECT_THAT(ran.out, HasSubstr("--quiet"));
    std::istringstream lines(ran.out);
    for (std::string line; std::getline(lines, line);)
      EXPECT_LE(line.size(), 80U) << line;
  }
}

TEST(Help, EndsInUsageWithoutAVerb) {
  EXPECT_EQ(run({}).exit_code, 2);
  EXPECT_EQ(run({"model"}).exit_code, 2);
}

TEST(Version, IsPrinted) {
  EXPECT_THAT(run({"--version"}).out, StartsWith("igrot "));
}

TEST(ExitCode, IsUsageForWhatTheCommandLineDoesNotKnow) {
  for (const auto& arguments : {std::vector<std::string>{"fly"},
                                {"config", "--fly"},
                                {"model", "info"}}) {
    const auto ran = run(arguments);
    EXPECT_EQ(ran.exit_code, 2);
    EXPECT_THAT(ran.out, IsEmpty());
    EXPECT_THAT(ran.err, HasSubstr(" -h."));
  }
}

TEST(ExitCode, IsUnsupportedForVerbsToCome) {
  for (const auto& later : later_verbs()) {
    const auto ran = run(words(later.name));
    EXPECT_EQ(ran.exit_code, 5) << later.name;
    EXPECT_THAT(ran.err, HasSubstr("not in this build"));
  }
}

TEST(ExitCode, FollowsTheKindOfTheError) {
  const TemporaryFolder folder;
  std::ofstream(folder / "text.pt") << "no model";
  const auto code = [](const std::string& path) {
    return run({"model", "info", path}).exit_code;
  };
  EXPECT_EQ(code((folder / "missing.pt").string()), 3);
  EXPECT_EQ(code("/dev/null"), 5);
  EXPECT_THAT(code((folder / "text.pt").string()), testing::AnyOf(4, 5));
}

TEST(Errors, ShowNoControlCharactersOfFileNames) {
  const auto ran = run({"model", "info", "a\x1b[2Jb"});
  EXPECT_THAT(ran.err, HasSubstr("a\\x1b[2Jb"));
  EXPECT_THAT(ran.err, Not(HasSubstr("\x1b")));
}

json setting(const Ran& ran, const std::string& name) {
  const auto all = json::parse(ran.out);
  for (const auto& value : all.at("settings"))
    if (value.at("name") == name) return value;
  return {};
}

TEST(Config, ShowsEverySettingWithValueAndOrigin) {
  const auto all = json::parse(run({"config", "--json"}).out);
  EXPECT_EQ(all.at("settings").size(), setting_rows.size());
  for (const auto& value : all.at("settings")) {
    EXPECT_EQ(value.at("origin"), "default");
    EXPECT_THAT(value.at("variable").get<std::string>(), StartsWith("IGROT_"));
  }
  EXPECT_FALSE(all.at("engines").empty());
}

TEST(Config, FollowsVariablesAndFiles) {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder / "user/igrot");
  std::ofstream(folder / "user/igrot/config.toml") << "k = 3\nratio = 1.5\n";
  std::ofstream(folder / "igrot.toml") << "k = 4\nalpha = 'drop'\n";
  RunOptions options{.input = {},
                     .folder = folder.path(),
                     .variables = {{"XDG_CONFIG_HOME", folder / "user"},
                                   {"IGROT_ALPHA", "white"}},
                     .interrupt_after = {}};
  const auto ran = run({"config", "--json"}, options);
  EXPECT_EQ(setting(ran, "alpha").at("value"), "white");
  EXPECT_EQ(setting(ran, "alpha").at("origin"), "IGROT_ALPHA");
  EXPECT_EQ(setting(ran, "k").at("value"), "4");
  EXPECT_EQ(setting(ran, "k").at("origin"), (folder / "igrot.toml").string());
  EXPECT_EQ(setting(ran, "ratio").at("value"), "1.5");
}

TEST(Config, NamesTheFileThatIsWrong) {
  const TemporaryFolder folder;
  std::ofstream(folder / "igrot.toml") << "k = 'few\n";
  const auto ran = run({"config"}, {.input = {},
                                    .folder = folder.path(),
                                    .variables = {},
                                    .interrupt_after = {}});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.err, HasSubstr("igrot.toml: line 1"));
}

}  // namespace
}  // namespace igrot::app
