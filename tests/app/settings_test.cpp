#include "settings.h"

#include <gmock/gmock.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <set>

#include "igrot/error.h"
#include "tests/temporary_folder.h"

namespace igrot::app {
namespace {

using Variables = std::map<std::string, std::string>;

Environment environment(Variables variables) {
  return [variables](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  };
}

ErrorKind kind_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    return error.kind();
  }
  ADD_FAILURE() << "no error";
  return ErrorKind::io;
}

class SettingsTest : public testing::Test {
 protected:
  void write_local(const std::string& text) {
    std::ofstream(folder_ / "igrot.toml") << text;
  }
  void write_user(const std::string& text) {
    std::filesystem::create_directories(folder_ / "user/igrot");
    std::ofstream(folder_ / "user/igrot/config.toml") << text;
  }
  Settings make(Variables variables, std::vector<std::string> options = {}) {
    variables["XDG_CONFIG_HOME"] = (folder_ / "user").string();
    Settings settings(environment(std::move(variables)));
    CLI::App app;
    settings.offer(app, {"k", "alpha", "exif", "model"});
    std::ranges::reverse(options);
    app.parse(options);
    settings.read_files(folder_.path());
    return settings;
  }
  TemporaryFolder folder_;
};

TEST_F(SettingsTest, FallBackToTheDefault) {
  const auto value = make({}).find("k");
  EXPECT_EQ(value.text, "10");
  EXPECT_EQ(value.origin, "default");
}

TEST_F(SettingsTest, FollowThePrecedence) {
  write_user("k = 2\nalpha = 'drop'\n");
  EXPECT_EQ(make({}).count("k"), 2U);
  write_local("k = 3\n");
  EXPECT_EQ(make({}).count("k"), 3U);
  EXPECT_EQ(make({}).text("alpha"), "drop");
  EXPECT_EQ(make({{"IGROT_K", "4"}}).count("k"), 4U);
  const auto settings = make({{"IGROT_K", "4"}}, {"-k", "5"});
  EXPECT_EQ(settings.count("k"), 5U);
  EXPECT_EQ(settings.find("k").origin, "-k");
}

TEST_F(SettingsTest, ReadBooleansAndPathsOfFiles) {
  write_local("exif = false\nmodel = 'm.pth'\n");
  const auto settings = make({});
  EXPECT_FALSE(settings.yes("exif"));
  EXPECT_EQ(settings.path("model"), folder_ / "m.pth");
  EXPECT_TRUE(make({}, {"--exif"}).yes("exif"));
  EXPECT_FALSE(make({{"IGROT_EXIF", "yes"}}, {"--no-exif"}).yes("exif"));
}

TEST_F(SettingsTest, RefuseUnknownKeysAndWrongValues) {
  write_local("colour = 'blue'\n");
  EXPECT_EQ(kind_of([&] { make({}); }), ErrorKind::usage);
  write_local("k = \n");
  EXPECT_EQ(kind_of([&] { make({}); }), ErrorKind::usage);
  write_local("");
  const auto settings = make({{"IGROT_K", "many"}, {"IGROT_RATIO", "inf"}});
  EXPECT_EQ(kind_of([&] { (void)settings.count("k"); }), ErrorKind::usage);
  EXPECT_EQ(kind_of([&] { (void)settings.number("ratio"); }), ErrorKind::usage);
  EXPECT_EQ(kind_of([&] {
              (void)make({}, {"--alpha", "pink"}).find("alpha");
            }),
            ErrorKind::usage);
}

TEST_F(SettingsTest, SayUnsupportedForChoicesToCome) {
  const auto settings = make({{"IGROT_PRECISION", "int8"}});
  EXPECT_EQ(kind_of([&] { (void)settings.find("precision"); }),
            ErrorKind::unsupported);
}

TEST(SettingsTable, HasEachNameOnceAndValidDefaults) {
  std::set<std::string_view> names;
  const Settings settings(environment({}));
  for (const auto& row : setting_rows) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_NO_THROW((void)settings.find(row.name)) << row.name;
    EXPECT_FALSE(row.help.empty()) << row.name;
  }
}

TEST(SettingsTable, NamesVariablesInCapitals) {
  EXPECT_EQ(variable_name("min-score"), "IGROT_MIN_SCORE");
}

TEST_F(SettingsTest, RefusesKeysThatNestWithoutEnd) {
  std::string key = "a";
  for (int i = 0; i < 100'000; ++i) key += ".a";
  write_local(key + " = 1");
  EXPECT_EQ(kind_of([&] { make({}); }), ErrorKind::usage);
}

}  // namespace
}  // namespace igrot::app
