#include "train/config.h"

#include <gmock/gmock.h>

#include <fstream>
#include <regex>
#include <sstream>

#include "igrot/error.h"
#include "tests/temporary_folder.h"
#include "train/config_fields.h"
#include "train/config_rules.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;
using Texts = std::vector<std::string>;

constexpr std::string_view smallest =
    "[model]\ninit = 'a.pt'\n[data]\ntriplets = 't.jsonl'\n";

class ConfigFile : public testing::Test {
 protected:
  TrainConfig read(std::string_view text, const Texts& overrides = {}) {
    std::ofstream(path_) << text;
    return read_train_config(path_, overrides);
  }

  /// What is said about a wrong configuration.
  std::string complaint(std::string_view text, const Texts& overrides = {}) {
    try {
      read(text, overrides);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage) << error.what();
      return error.what();
    }
    return "none";
  }

  TemporaryFolder folder_;
  fs::path path_ = folder_ / "c.toml";
};

TEST_F(ConfigFile, LeavesWhatItDoesNotNameAtTheDefault) {
  const auto config = read(
      "[model]\ninit = 'sub/a.pt'\ntarget = 'original'\n"
      "[data]\nname = 'llavasco'\nroot = '/data/../LaSCo'\n"
      "[train]\nlearning_rate = 1\nsave_gradients = [1, 4]\n"
      "[validation]\nname = 'lasco'\n");
  EXPECT_EQ(config.model.init, folder_ / "sub/a.pt");
  EXPECT_EQ(config.model.target, Target::original);
  EXPECT_EQ(config.data.root, "/LaSCo");
  EXPECT_EQ(config.train.learning_rate, 1.0);
  EXPECT_EQ(config.train.save_gradients, (std::vector<std::size_t>{1, 4}));
  EXPECT_EQ(config.train.epochs, 2U);
  ASSERT_TRUE(config.validation);
  EXPECT_EQ(config.validation->metric, "mean(R@10,R@50)");
  EXPECT_FALSE(config.model.fresh);
  EXPECT_FALSE(config.data.row_normalize);
}

TEST_F(ConfigFile, IsOverriddenByTheLastOverride) {
  const auto config = read(
      smallest, {"train.epochs=3", "train.epochs = 5", "model.target=sum",
                 "model.init=b c.pt", "data.triplets=\"x = [y].jsonl\"",
                 "data.convert_first=true", "validation.triplets=/v.jsonl"});
  EXPECT_EQ(config.train.epochs, 5U);
  EXPECT_EQ(config.model.target, Target::sum);
  EXPECT_EQ(config.model.init, fs::current_path() / "b c.pt");
  EXPECT_EQ(config.data.triplets, fs::current_path() / "x = [y].jsonl");
  EXPECT_EQ(config.data.convert_first, true);
  ASSERT_TRUE(config.validation);
  EXPECT_EQ(config.validation->triplets, "/v.jsonl");
}

TEST_F(ConfigFile, SuggestsTheNearestName) {
  const auto about = [&](std::string_view more) {
    return complaint(std::string(smallest) + std::string(more));
  };
  EXPECT_THAT(about("[train]\nepoch = 3\n"),
              HasSubstr("c.toml: line 6: there is no key 'train.epoch'; did "
                        "you mean 'train.epochs'?"));
  EXPECT_THAT(about("[train]\ninit = 'a'\n"), HasSubstr("'model.init'?"));
  EXPECT_THAT(about("[validation]\nlimit = 1\nevery_epoch = 1\n"),
              HasSubstr("'validation.every_epochs'?"));
  EXPECT_THAT(about("[trian]\nepochs = 3\n"),
              HasSubstr("there is no section 'trian'; did you mean 'train'?"));
  EXPECT_THAT(complaint("epochs = 3\n"), HasSubstr("'train.epochs'?"));
  EXPECT_THAT(complaint("'train.epochs' = 3\n"), HasSubstr("there is no key"));
  EXPECT_THAT(complaint(smallest, {"train.epoch=3"}),
              HasSubstr("--set train.epoch=3: there is no key"));
}

TEST_F(ConfigFile, RefusesValuesOfAnotherKind) {
  for (const auto& [override, expected] : std::map<std::string, std::string>{
           {"train.epochs=two", "expected a whole number of 0 or more"},
           {"train.epochs=1.5", "is 1.5, expected a whole number"},
           {"train.epochs=-1", "is -1, expected a whole number"},
           {"train.batch_size=1", "whole number of 2 or more"},
           {"train.learning_rate=true", "is true, expected a number"},
           {"train.learning_rate=nan", "expected a number of 0 or more"},
           {"train.learning_rate=inf", "expected a number of 0 or more"},
           {"train.adam_eps=0", "expected a number above 0"},
           {"train.dropout=1", "expected a number of 0 or more, below 1"},
           {"augment.flip=1.5", "expected a number of 0 or more, at most 1"},
           {"train.shuffle=1", "is 1, expected true or false"},
           {"train.mode=clop", "expected \"composed\" or \"clip\""},
           {"train.save_gradients=3", "expected a list of whole numbers"},
           {"train.save_gradients=[0]", "expected a whole number of 1"},
           {"model.init=3", "is 3, expected a text"},
           {"model.activation=relu", "expected \"quick_gelu\" or \"gelu\""},
           {"train=3", "train is 3, expected a section"},
           {"checkpoint.keep=0", "whole number of 1 or more"},
           {"train.epochs", "expected section.key=value"},
           {"train.save_gradients=[1", "--set train.save_gradients=[1: "},
           {"validation={name='lasco', root='/d', metric='best'}", "best"},
       })
    EXPECT_THAT(complaint(smallest, {override}), HasSubstr(expected))
        << override;
}

TEST_F(ConfigFile, RefusesKeysThatNestWithoutEnd) {
  std::string key = "a";
  for (int i = 0; i < 100'000; ++i) key += ".a";
  EXPECT_THAT(complaint(key + " = 1"), HasSubstr("dots in a row"));
  EXPECT_THAT(complaint(std::string(smallest), {key + "=1"}),
              HasSubstr("dots in a row"));
}

TEST_F(ConfigFile, NamesTheLineWhereItIsNoToml) {
  EXPECT_THAT(complaint("[model]\ninit = \n"), HasSubstr("c.toml: line 2: "));
  EXPECT_THAT(complaint("[model]\n\ninit = 3\n"),
              HasSubstr("c.toml: line 3: model.init is 3, expected"));
}

TEST_F(ConfigFile, RefusesContradictions) {
  const Texts clip{"data.triplets=", "data.pairs=p.jsonl", "train.mode=clip"};
  const auto with = [](Texts list, const Texts& more) {
    list.insert(list.end(), more.begin(), more.end());
    return list;
  };
  EXPECT_EQ(complaint(smallest), "none");
  EXPECT_EQ(complaint(smallest, clip), "none");
  const std::vector<Texts> wrong{
      {"model.init="},
      {"model.new.side=64"},
      {"model.init=", "model.new.width=64", "model.activation=gelu"},
      {"model.init=", "model.new.side=60"},
      {"model.init=", "model.new.text_width=32"},
      {"train.mode=clip"},
      with(clip, {"data.name=llavasco", "data.root=/d"}),
      {"data.pairs=p.jsonl"},
      {"data.triplets="},
      {"data.name=llavasco", "data.root=/d"},
      {"data.triplets=", "data.name=llavasco"},
      {"train.precision=f16", "train.device=cpu"},
      {"train.save_gradients=[2, 2]"},
      with(clip, {"train.encoder=neither"}),
      with(clip, {"train.encoder=text", "model.init=", "model.new.width=64"}),
      {"augment.lines=0.6", "augment.ink=0.5"},
      {"train.early_stop=2"},
      {"validation.limit=3"},
      {"validation.name=lasco"},
      with(clip, {"validation.triplets=v", "validation.target=union"})};
  ASSERT_EQ(wrong.size(), contradictions.size());
  // Case N breaks rule N, and no rule before it.
  for (std::size_t i = 0; i < wrong.size(); ++i)
    EXPECT_EQ(
        complaint(smallest, wrong[i]),
        fmt::format("{}: {}", path_.string(), contradictions[i].sentence));
}

/// A visitor that gives every key another value than its default.
struct Change {
  void operator()(std::string_view, bool& value) const { value = !value; }
  void operator()(std::string_view, std::optional<bool>& value) const {
    value = false;
  }
  void operator()(std::string_view, std::string& value) const { value = "R@7"; }
  void operator()(std::string_view, fs::path& value) const {
    value = "/a \"b\"\\\n\x7f \xc3\xa9 #'";
  }
  void operator()(std::string_view, double& value, const Range& range) const {
    value = range.least + (range.least < 1 ? 0.1 + 0.2 : 1.1e20) / 3;
  }
  void operator()(std::string_view, std::size_t& value, const Range&) const {
    value = 9 * std::max<std::size_t>(value, 1);
  }
  void operator()(std::string_view, std::vector<std::size_t>& value,
                  const Range&) const {
    value = {1, 30};
  }
  template <class Choice, class Table>
  void operator()(std::string_view, Choice& value, const Table& table) const {
    for (const auto& [choice, name] : table)
      if constexpr (std::same_as<Choice, std::string>)
        value = name;
      else
        value = choice;
  }
};

/// Every key changed, sections that may be missing there.
TrainConfig changed_config() {
  TrainConfig config;
  config.model.fresh.emplace();
  config.validation.emplace();
  Change change;
  visit_sections(
      config, [&]<class Section>(std::string_view, Section& section) {
        if constexpr (
            requires { section->side; } || requires { section->metric; })
          visit_fields(*section, change);
        else
          visit_fields(section, change);
      });
  return config;
}

std::string section_text(const std::string& toml, const std::string& name) {
  const auto start = toml.find("[" + name + "]");
  return toml.substr(start, toml.find("\n\n", start) - start);
}

TEST_F(ConfigFile, ReadsBackAsItWasWritten) {
  auto from_nothing = changed_config();
  from_nothing.model.init.clear();
  from_nothing.model.activation.clear();
  from_nothing.data.name.clear();
  from_nothing.data.triplets.clear();
  from_nothing.train.encoder = TrainedEncoder::both;
  from_nothing.validation->name.clear();
  from_nothing.validation->target = Target::sum;
  auto from_checkpoint = changed_config();
  from_checkpoint.model.fresh.reset();
  from_checkpoint.train.mode = TrainMode::composed;
  from_checkpoint.data.pairs.clear();
  from_checkpoint.data.triplets.clear();
  from_checkpoint.validation->triplets.clear();
  for (const auto& config :
       {from_nothing, from_checkpoint, read(smallest, {"data.limit=7"})}) {
    const auto text = train_config_toml(config);
    const auto again = read(text);
    EXPECT_EQ(train_config_toml(again), text);
    EXPECT_EQ(again.data.root, config.data.root);
    EXPECT_EQ(again.train.learning_rate, config.train.learning_rate);
    EXPECT_EQ(again.train.device, config.train.device);
    EXPECT_EQ(again.train.save_gradients, config.train.save_gradients);
    EXPECT_EQ(again.data.row_normalize, config.data.row_normalize);
  }
}

TEST(TrainConfigText, NamesEveryKeyOnALineOfItsOwn) {
  const auto text = train_config_toml(changed_config());
  for (const auto& name : train_config_keys()) {
    const auto dot = name.rfind('.');
    EXPECT_THAT(section_text(text, name.substr(0, dot)),
                HasSubstr("\n" + name.substr(dot + 1) + " = "));
  }
}

TEST(TrainConfigText, RefusesNamesThatAreNotUtf8) {
  TrainConfig config;
  config.model.init = "/\xff.pt";
  EXPECT_THROW(train_config_toml(config), Error);
}

/// The documented default of a key, as the page's tables have it.
std::string documented(const std::string& page, const std::string& section,
                       const std::string& key) {
  const auto start = page.find("## `[" + section + "]`");
  if (start == std::string::npos) return "no section";
  const auto part = page.substr(start, page.find("\n## ", start + 1) - start);
  std::smatch row;
  const std::regex pattern("\n\\| `" + key + "` \\| ([^|]*) \\|");
  return std::regex_search(part, row, pattern) ? row[1].str() : "no row";
}

TEST(TrainingPage, ListsEveryKeyWithItsDefault) {
  std::ostringstream page;
  page << std::ifstream(IGROT_TEST_GOLDEN "/../../docs/training.md").rdbuf();
  TrainConfig config;
  config.model.fresh.emplace();
  config.validation.emplace();
  const auto text = train_config_toml(config);
  for (const auto& name : train_config_keys()) {
    const auto dot = name.rfind('.');
    const auto key = name.substr(dot + 1);
    const auto section = section_text(text, name.substr(0, dot));
    std::smatch line;
    const bool has_default =
        std::regex_search(section, line, std::regex("\n" + key + " = (.*)"));
    EXPECT_EQ(documented(page.str(), name.substr(0, dot), key),
              has_default ? "`" + line[1].str() + "`" : "")
        << name;
  }
}

}  // namespace
}  // namespace igrot
