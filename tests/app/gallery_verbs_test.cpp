// index, search and gallery from outside, on a folder that changes.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "formats/npy.h"
#include "run.h"
#include "tests/app/golden.h"
#include "tests/temporary_folder.h"

namespace igrot::app {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

fs::path picture(int i) {
  return golden("models/images/img" + std::to_string(i) + ".png");
}

std::string content(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

class Pictures : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    models_ = new TemporaryFolder;
    unpack(golden("models/clip_tiny_union/clip_tiny_union.pth.gz"), model());
  }
  static void TearDownTestSuite() {
    delete models_;
    models_ = nullptr;
  }
  void SetUp() override {
    fs::create_directories(folder_ / "sub");
    for (int i = 0; i < 4; ++i) fs::copy_file(picture(i), folder_ / name(i));
    fs::copy_file(picture(4), folder_ / "sub/img4.png");
    std::ofstream(folder_ / "notes.txt") << "no picture";
  }
  static fs::path model() { return *models_ / "m.pth"; }
  static std::string name(int i) { return "img" + std::to_string(i) + ".png"; }

  Ran igrot(std::vector<std::string> arguments) const {
    RunOptions options;
    options.folder = folder_.path();
    return run(arguments, options);
  }
  Ran index(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"index", ".", "--json"});
    return igrot(more);
  }
  json indexed(std::vector<std::string> more = {}) const {
    const auto ran = index(std::move(more));
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    return json::parse(ran.out);
  }
  void make() const { indexed({"--model", model().string()}); }
  json found(std::vector<std::string> more) const {
    more.insert(more.begin(), {"search", "--json"});
    const auto ran = igrot(more);
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    return json::parse(ran.out);
  }
  static std::string best(const json& result) {
    return fs::path(result.at("hits").at(0).at("path").get<std::string>())
        .filename()
        .string();
  }

  TemporaryFolder folder_;

 private:
  static inline TemporaryFolder* models_ = nullptr;
};

TEST_F(Pictures, AreIndexedOnce) {
  const auto first = indexed({"--model", model().string()});
  EXPECT_EQ(first.at("new"), 5);
  EXPECT_EQ(first.at("unchanged"), 0);
  EXPECT_THAT(first.at("skipped"), IsEmpty());
  EXPECT_TRUE(fs::exists(folder_ / ".igrot"));
  const auto second = indexed();
  EXPECT_EQ(second.at("new"), 0);
  EXPECT_EQ(second.at("unchanged"), 5);
}

TEST_F(Pictures, AreFoundNewChangedMovedAndDeleted) {
  make();
  fs::copy_file(picture(5), folder_ / name(5));
  fs::copy_file(picture(6), folder_ / name(0),
                fs::copy_options::overwrite_existing);
  fs::rename(folder_ / name(1), folder_ / "sub/moved.png");
  fs::remove(folder_ / name(2));
  const auto second = indexed();
  EXPECT_EQ(second.at("new"), 1);
  EXPECT_EQ(second.at("changed"), 1);
  EXPECT_EQ(second.at("moved"), 1);
  EXPECT_EQ(second.at("deleted"), 1);
  EXPECT_EQ(second.at("unchanged"), 2);
  EXPECT_EQ(second.at("pictures"), 5);
}

TEST_F(Pictures, ThatAreDamagedAreListedWithTheirReason) {
  std::ofstream(folder_ / "bad.jpg") << content(picture(0)).substr(0, 60);
  std::ofstream(folder_ / "empty.png").flush();
  ASSERT_EQ(::mkfifo((folder_ / "pipe.png").c_str(), 0600), 0);
  const auto result = indexed({"--model", model().string()});
  EXPECT_EQ(result.at("pictures"), 5);
  EXPECT_EQ(result.at("new"), 5);
  ASSERT_THAT(result.at("skipped"), SizeIs(2));
  for (const auto& skipped : result.at("skipped")) {
    EXPECT_FALSE(skipped.at("reason").get<std::string>().empty());
    EXPECT_THAT(skipped.at("kind").get<std::string>(),
                testing::AnyOf("corrupt", "unsupported"));
  }
  fs::rename(folder_ / "bad.jpg", folder_ / "sub/worse.jpg");
  fs::copy_file(picture(5), folder_ / "empty.png",
                fs::copy_options::overwrite_existing);
  const auto second = indexed();
  EXPECT_EQ(second.at("unchanged"), 5);
  EXPECT_EQ(second.at("moved"), 0);
  EXPECT_EQ(second.at("changed"), 1);
  EXPECT_THAT(second.at("skipped"), SizeIs(1));
  EXPECT_EQ(index({"--strict"}).exit_code, 7);
  EXPECT_THAT(
      json::parse(
          igrot({"index", "sub/img4.png", "--gallery", ".igrot", "--json"}).out)
          .at("skipped"),
      IsEmpty());
}

TEST_F(Pictures, AnswerAQuestionWithThemselvesFirst) {
  make();
  const auto result = found({"--image", name(3), "--fusion", "image"});
  EXPECT_EQ(best(result), name(3));
  EXPECT_NEAR(result.at("hits").at(0).at("score"), 1, 0.9);
  EXPECT_EQ(result.at("hits").at(0).at("rank"), 1);
  EXPECT_EQ(result.at("query").at("fusion"), "image");
  EXPECT_EQ(result.at("model"), model().string());
  EXPECT_THAT(result.at("gallery").get<std::string>(), EndsWith(".igrot"));
  EXPECT_GE(result.at("ms").get<double>(), 0);
}

TEST_F(Pictures, AreFoundFromFoldersBelow) {
  make();
  RunOptions options;
  options.folder = folder_ / "sub";
  const auto ran = run({"search", "a dog", "--json"}, options);
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(json::parse(ran.out).at("hits"), SizeIs(5));
}

TEST_F(Pictures, TakeEveryKindOfQuestion) {
  make();
  EXPECT_EQ(found({"red", "circle"}).at("query").at("text"), "red circle");
  const auto composed = found({"./" + name(0), "+", "night", "-", "fruit"});
  EXPECT_EQ(composed.at("query").at("fusion"), "transagg");
  EXPECT_THAT(composed.at("query").at("not"), ElementsAre("fruit"));
  const auto sketch = found({"--sketch", name(0)});
  EXPECT_EQ(sketch.at("query").at("text"), "a real image of sketch");
  const auto weighed = found({"--image", name(0) + "=2", "--image", name(1),
                              "night", "--not", name(2)});
  EXPECT_EQ(weighed.at("query").at("fusion"), "sum");
  EXPECT_THAT(weighed.at("query").at("not_pictures"), SizeIs(1));
}

TEST_F(Pictures, ObeyCountAndLeastScore) {
  make();
  EXPECT_THAT(found({"night", "-k", "2"}).at("hits"), SizeIs(2));
  EXPECT_THAT(found({"night", "--min-score", "1.5"}).at("hits"), IsEmpty());
}

TEST_F(Pictures, ArePrintedAsPaths) {
  fs::copy_file(picture(5), folder_ / "new\nline.png");
  make();
  const auto lines = igrot({"search", "night", "--paths-only"});
  EXPECT_EQ(std::count(lines.out.begin(), lines.out.end(), '\n'), 6);
  EXPECT_THAT(lines.out, HasSubstr("new\\nline.png"));
  const auto raw = igrot({"search", "night", "-0"});
  EXPECT_EQ(std::count(raw.out.begin(), raw.out.end(), '\0'), 6);
  EXPECT_THAT(raw.out, HasSubstr("new\nline.png"));
}

TEST_F(Pictures, MakeAReport) {
  make();
  fs::copy_file(picture(0), folder_ / "<b>&.png");
  const auto ran = igrot({"search", "--image", "<b>&.png", "<i>night</i>",
                          "--not", "\"fruit\"", "--report", "out.html"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  const auto page = content(folder_ / "out.html");
  EXPECT_THAT(page, HasSubstr("&#60;i&#62;night&#60;/i&#62;"));
  EXPECT_THAT(page, HasSubstr("&#60;b&#62;&#38;.png"));
  EXPECT_THAT(page, HasSubstr("&#34;fruit&#34;"));
  EXPECT_THAT(page, Not(HasSubstr("<i>night")));
  EXPECT_THAT(page, HasSubstr("src=\"data:image/"));
  EXPECT_THAT(page, HasSubstr(model().string()));
  EXPECT_THAT(page, Not(HasSubstr("http://")));
  EXPECT_THAT(page, Not(HasSubstr("https://")));
}

TEST_F(Pictures, NeedAQuestionAndAGallery) {
  EXPECT_EQ(igrot({"search", "night"}).exit_code, 3);
  make();
  EXPECT_EQ(igrot({"search"}).exit_code, 2);
  EXPECT_EQ(igrot({"search", "-", "fruit"}).exit_code, 2);
  EXPECT_EQ(igrot({"search", "./gone.png"}).exit_code, 3);
  EXPECT_EQ(igrot({"search", "--image", "notes.txt"}).exit_code, 5);
}

TEST_F(Pictures, SayWhatToDoWhenTheModelIsGone) {
  fs::copy_file(model(), folder_ / "m.pth");
  indexed({"--model", "m.pth"});
  fs::rename(folder_ / "m.pth", folder_ / "sub/m.pth");
  const auto ran = igrot({"search", "night"});
  EXPECT_EQ(ran.exit_code, 3);
  EXPECT_THAT(ran.err, HasSubstr("--model"));
  EXPECT_EQ(igrot({"search", "night", "--model", "sub/m.pth"}).exit_code, 0);
  const auto other = folder_ / "sub/other.pth";
  unpack(golden("models/transagg_only/transagg_only.pth.gz"), other);
  const auto wrong = igrot({"search", "night", "--model", other});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("not the model that made this gallery"));
}

TEST_F(Pictures, KeepTheSettingsOfTheirGallery) {
  indexed({"--model", model().string(), "--target", "original"});
  fs::copy_file(picture(5), folder_ / name(5));
  EXPECT_EQ(indexed().at("new"), 1);
  EXPECT_EQ(index({"--target", "sum"}).exit_code, 2);
  EXPECT_EQ(index({"--icc", "apply"}).exit_code, 2);
  EXPECT_EQ(index({"--icc", "ignore"}).exit_code, 0);
}

TEST_F(Pictures, OfReadOnlyFoldersLieAmongTheUsersData) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  const TemporaryFolder data;
  fs::permissions(folder_.path(),
                  fs::perms::owner_read | fs::perms::owner_exec);
  RunOptions options;
  options.variables = {{"XDG_DATA_HOME", data.path().string()}};
  const auto ran =
      run({"index", folder_.path(), "--model", model(), "--json"}, options);
  fs::permissions(folder_.path(), fs::perms::owner_all);
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_FALSE(fs::exists(folder_ / ".igrot"));
  EXPECT_TRUE(fs::exists(data / "igrot"));
}

TEST_F(Pictures, AreCheckedCompactedAndExported) {
  make();
  fs::remove(folder_ / name(0));
  indexed();
  const auto check = json::parse(igrot({"gallery", "check", "--json"}).out);
  EXPECT_EQ(check.at("pictures"), 4);
  EXPECT_EQ(check.at("dead_rows"), 1);
  EXPECT_THAT(check.at("problems"), IsEmpty());
  EXPECT_EQ(json::parse(igrot({"gallery", "compact", "--json"}).out)
                .at("dropped_rows"),
            1);
  EXPECT_EQ(igrot({"gallery", "export", "--out", "exported"}).exit_code, 0);
  EXPECT_THAT(read_npy_f32(folder_ / "exported/vectors.npy").shape(),
              ElementsAre(4, 32));
  std::istringstream items(content(folder_ / "exported/items.jsonl"));
  std::size_t row = 0;
  for (std::string line; std::getline(items, line); ++row)
    EXPECT_EQ(json::parse(line).at("row"), row);
  EXPECT_EQ(row, 4U);
}

TEST_F(Pictures, ReportDamageOfTheirGallery) {
  make();
  std::fstream vectors(folder_ / ".igrot/vectors.bin",
                       std::ios::in | std::ios::out | std::ios::binary);
  ASSERT_TRUE(vectors);
  vectors.seekp(-10, std::ios::end);
  vectors << "damage";
  vectors.close();
  const auto ran = igrot({"gallery", "check", "--json"});
  EXPECT_EQ(ran.exit_code, 4);
  EXPECT_THAT(json::parse(ran.out).at("problems"), Not(IsEmpty()));
}

// The picture of a batch is committed as soon as it is computed: what was
// stopped goes on where it was.
TEST_F(Pictures, GoOnAfterAnInterruption) {
  for (int i = 0; i < 300; ++i) {
    fs::create_directories(folder_ / "many");
    std::ofstream(folder_ / "many" / (std::to_string(i) + ".ppm"),
                  std::ios::binary)
        << "P6\n64 64\n255\n"
        << std::string(64 * 64 * 3, static_cast<char>(i));
  }
  RunOptions options;
  options.folder = folder_.path();
  options.interrupt_after = "2 of 305 files done";
  const auto stopped = run({"index", ".", "--model", model().string(), "--json",
                            "-v", "--batch", "1", "--engine", "plain"},
                           options);
  EXPECT_EQ(stopped.exit_code, 130) << stopped.err;
  const auto first = json::parse(stopped.out);
  EXPECT_EQ(first.at("interrupted"), true);
  EXPECT_GE(first.at("pictures"), 2);
  EXPECT_LT(first.at("pictures"), 305);
  const auto second = indexed();
  EXPECT_EQ(second.at("pictures"), 305);
  EXPECT_EQ(
      json::parse(igrot({"gallery", "check", "--json"}).out).at("problems"),
      json::array());
}

TEST_F(Pictures, LastLineOfTheDemoNamesTheReport) {
  const auto ran = igrot({"demo", "--out", "out"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("566 pictures"));
  EXPECT_THAT(ran.out, HasSubstr("A picture and words: woman-teacher.png"));
  EXPECT_THAT(ran.out, HasSubstr("A sketch: "));
  EXPECT_THAT(ran.out, EndsWith("out/report.html\n"));
  EXPECT_TRUE(fs::exists(folder_ / "out/report.html"));
  EXPECT_EQ(igrot({"demo", "--data", "gone"}).exit_code, 3);
}

/// The path of the best hit below the line that begins with `title`.
std::string first_hit(const std::string& out, const std::string& title) {
  std::istringstream lines(out.substr(out.find(title)));
  std::string line;
  std::getline(lines, line);
  std::string rank;
  std::string score;
  std::string path;
  lines >> rank >> score >> path;
  return path;
}

TEST_F(Pictures, TheDemoAnswersAndSaysWhatItsModelNeverSaw) {
  const auto out = igrot({"demo", "--out", "out"}).out;
  EXPECT_EQ(first_hit(out, "A picture and words"),
            "noto/woman-teacher-dark-skin-tone.png");
  EXPECT_EQ(first_hit(out, "Something else instead"), "noto/lemon.png");
  EXPECT_THAT(first_hit(out, "A sketch"), HasSubstr("/crescent-moon.png"));
  EXPECT_THAT(first_hit(out, "Another sketch"), HasSubstr("/frog.png"));
  EXPECT_THAT(out, HasSubstr("noto/crescent-moon.png  (the model has never "
                             "seen this emoji)"));
  EXPECT_THAT(out, HasSubstr("emojione/lemon.png  (the model has never seen "
                             "this artist)"));
  // The model of a person is not known to have missed anything.
  const auto own =
      igrot({"demo", "--out", "own", "--model", model().string()}).out;
  EXPECT_THAT(own, testing::Not(HasSubstr("never seen")));
}

}  // namespace
}  // namespace igrot::app
