// `igrot compare`, run as a program on folders as `igrot eval` writes them.
#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "run.h"
#include "tests/eval/small_benchmark.h"
#include "tests/temporary_folder.h"

namespace igrot::app {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// A question of the small benchmark whose right answer is noto/A-1.png.
json question(const std::string& id, std::size_t first) {
  const json wrong{{"picture", "openmoji/B.png"}, {"score", 0.5}};
  const json right{
      {"picture", "noto/A-1.png"}, {"score", 0.25}, {"right", true}};
  auto hits = json::array();
  if (first > 1) hits.push_back(wrong);
  if (first < 3) hits.push_back(right);
  return {{"task", "cir"},
          {"split", "seen"},
          {"method", "composed"},
          {"id", id},
          {"picture", "noto/A.png"},
          {"text", "with <dark> skin"},
          {"kinds", {"skin tone"}},
          {"first", first},
          {"answer", "noto/A-1.png"},
          {"metrics",
           {{"mAP", 1.0 / static_cast<double>(first)},
            {"R@1", first == 1 ? 1 : 0}}},
          {"hits", hits}};
}

class CompareVerb : public testing::Test {
 protected:
  CompareVerb() {
    write("a", {question("x", 4), question("y", 1), question("z", 2)});
    write("b", {question("x", 1), question("y", 2), question("z", 1)});
  }

  void write(const std::string& name, const std::vector<json>& questions,
             const std::string& benchmark = "emoji-cir") const {
    fs::create_directories(folder_ / name);
    std::ofstream lines(folder_ / name / "questions.jsonl");
    for (const auto& each : questions) lines << each << "\n";
    const json settings{{"benchmark", benchmark},
                        {"root", folder_.path().string()},
                        {"mask", name == "a" ? "added" : "bool"},
                        {"preprocess", {{"side", 64}}}};
    std::ofstream(folder_ / name / "result.json")
        << json{{"settings", settings}};
  }

  Ran compare(std::vector<std::string> more = {},
              const std::string& b = "b") const {
    std::vector<std::string> words{"compare", "a", b};
    words.insert(words.end(), more.begin(), more.end());
    return run(words, {.input = {},
                       .folder = folder_.path(),
                       .variables = {},
                       .interrupt_after = {}});
  }

  TemporaryFolder folder_;
  test::SmallBenchmark benchmark_{folder_.path()};
};

TEST_F(CompareVerb, TellsWhichIsBetterAndWhatDiffers) {
  const auto ran = compare();
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.err, IsEmpty());
  // (1/4 + 1 + 1/2) / 3 and (1 + 1/2 + 1) / 3.
  EXPECT_THAT(ran.out, ContainsRegex("cir +seen +composed +mAP +3 +58.33 "
                                     "+83.33 +25.00 "));
  EXPECT_THAT(ran.out, HasSubstr("mask: added -> bool"));
  EXPECT_THAT(ran.out, Not(HasSubstr("preprocess")));
}

TEST_F(CompareVerb, PrintsNumbersForPrograms) {
  const auto ran = compare({"--metric", "R@1", "--samples", "500", "--json"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  const auto document = json::parse(ran.out);
  EXPECT_EQ(document.at("samples"), 500);
  const auto& metrics = document.at("groups").at(0).at("metrics");
  EXPECT_EQ(metrics.size(), 1U);
  const auto& recall = metrics.at("R@1");
  EXPECT_EQ(recall.at("wins"), 2);
  EXPECT_EQ(recall.at("losses"), 1);
  EXPECT_EQ(recall.at("ties"), 0);
  EXPECT_EQ(recall.at("sign"), "=");
  EXPECT_NEAR(recall.at("difference").get<double>(), 100.0 / 3, 1e-9);
  EXPECT_EQ(recall.at("sign_test_p"), 1);
  EXPECT_EQ(document.at("settings").at("mask").at("b"), "bool");
  EXPECT_THAT(compare({"--format", "csv"}).out,
              HasSubstr("task,split,method,metric,n,A,B,B - A,low,high,sign,"
                        "wins,losses,ties,p\r\n"));
  EXPECT_THAT(compare({"--format", "markdown"}).out,
              HasSubstr("| cir | seen | composed | mAP | 3 |"));
}

TEST_F(CompareVerb, WritesAPageWithTheBiggestChanges) {
  const auto ran = compare({"--out", "page.html"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("page.html"));
  std::ifstream in(folder_ / "page.html");
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  EXPECT_THAT(page, AllOf(HasSubstr("Biggest wins of B"),
                          HasSubstr("with &#60;dark&#62; skin"),
                          HasSubstr("mAP +75.0"), HasSubstr("mAP -50.0"),
                          HasSubstr("<b>A</b> first right: 4")));
  EXPECT_LT(page.find("mAP +75.0"), page.find("mAP +50.0"));
  EXPECT_LT(page.find("mAP +50.0"), page.find("Biggest losses of B"));
  EXPECT_LT(page.find("Biggest losses of B"), page.find("mAP -50.0"));
  EXPECT_THAT(page, HasSubstr("<select name=\"order\"><option "
                              "value=\"asked\">biggest change first"));
  // A, A-1 and B are pictures of the benchmark.
  EXPECT_THAT(page, HasSubstr(".p2{background-image:url(data:image/png"));
  EXPECT_THAT(page, HasSubstr("the right one: noto/A-1.png"));
}

TEST_F(CompareVerb, RefusesWhatCannotBeCompared) {
  write("other", {question("x", 1)});
  const auto other = compare({}, "other");
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_THAT(other.err, HasSubstr("a and other were asked different "
                                   "questions: 2 only in the first"));
  const auto common = compare({"--common"}, "other");
  EXPECT_EQ(common.exit_code, 0);
  EXPECT_THAT(common.out, HasSubstr("Left out: 2 questions only of A"));
  write("else", {question("x", 1)}, "cirr");
  const auto benchmark = compare({}, "else");
  EXPECT_EQ(benchmark.exit_code, 2);
  EXPECT_THAT(benchmark.err, HasSubstr("a is of emoji-cir, else of cirr"));
  const auto nowhere = compare({}, "none");
  EXPECT_EQ(nowhere.exit_code, 3);
  EXPECT_THAT(nowhere.err, HasSubstr("none/result.json"));
  EXPECT_EQ(compare({"--metric", "R@7"}).exit_code, 2);
  EXPECT_EQ(compare({"--samples", "0"}).exit_code, 2);
}

TEST_F(CompareVerb, SaysWhereAFileIsDamaged) {
  std::ofstream(folder_ / "b/questions.jsonl") << question("x", 1) << "\n[1\n";
  const auto line = compare();
  EXPECT_EQ(line.exit_code, 4);
  EXPECT_THAT(line.err, HasSubstr("b/questions.jsonl: line 2"));
  auto strange = question("y", 1);
  strange["metrics"].erase("R@1");
  write("b", {question("x", 1), strange});
  EXPECT_THAT(compare().err, HasSubstr("other metrics"));
  fs::remove(folder_ / "b/questions.jsonl");
  EXPECT_EQ(compare().exit_code, 3);
  std::ofstream(folder_ / "b/result.json") << "{}";
  EXPECT_EQ(compare().exit_code, 4);
}

}  // namespace
}  // namespace igrot::app
