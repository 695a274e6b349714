// `igrot eval`, run as a program on a small benchmark.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "formats/npy.h"
#include "golden.h"
#include "run.h"
#include "tests/eval/small_benchmark.h"
#include "tests/temporary_folder.h"

namespace igrot::app {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::ContainsRegex;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

json read_json(const fs::path& path) {
  std::ifstream in(path);
  return json::parse(in);
}

std::string read_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class EvalVerb : public testing::Test {
 protected:
  EvalVerb() {
    unpack(golden("models/clip_tiny_union/clip_tiny_union.pth.gz"),
           folder_ / "m.pth");
  }

  Ran eval(const std::string& name, std::vector<std::string> more = {}) {
    std::vector<std::string> words{"eval",         name,
                                   "--root",       root_.string(),
                                   "--model",      (folder_ / "m.pth").string(),
                                   "--activation", "quick_gelu",
                                   "--out",        out_.string()};
    words.insert(words.end(), more.begin(), more.end());
    return run(words, {.input = {},
                       .folder = ".",
                       .variables = {{"OMP_WAIT_POLICY", "PASSIVE"}},
                       .interrupt_after = {}});
  }

  static fs::path made(const fs::path& root) {
    fs::create_directories(root);
    test::SmallBenchmark{root};
    return root;
  }

  TemporaryFolder folder_;
  fs::path root_ = made(folder_ / "emoji");
  fs::path out_ = folder_ / "out";
};

TEST_F(EvalVerb, PrintsATableForEachTask) {
  const auto ran = eval("emoji-sbir");
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("seen"));
  for (const auto* task :
       {"line-openmoji", "line-noto", "symbola-emojione", "noto-emojione"})
    EXPECT_THAT(ran.out, HasSubstr(task));
  EXPECT_THAT(ran.out, HasSubstr("composed"));
  EXPECT_THAT(ran.out, Not(HasSubstr("image")));
  EXPECT_THAT(ran.out, HasSubstr((out_ / "report.html").string()));
  EXPECT_THAT(ran.err, IsEmpty());
  EXPECT_GT(fs::file_size(out_ / "report.html"), 2000U);
}

TEST_F(EvalVerb, WritesEveryNumberAndWhatItDependsOn) {
  const auto ran = eval("emoji-sbir", {"--ablate", "--json"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  const auto result = read_json(out_ / "result.json");
  EXPECT_EQ(json::parse(ran.out), result);

  const auto& metrics = result.at("metrics");
  // The same pixels are found first.
  EXPECT_EQ(metrics.at("line-openmoji/unseen/image/mAP"), 100);
  for (const auto* name :
       {"n", "mAP trapezoidal", "mAP voc", "R@1", "R@5", "R@10", "R@50"})
    EXPECT_TRUE(metrics.contains("line-noto/seen/sum/" + std::string(name)))
        << name;
  const auto& table = result.at("table");
  EXPECT_THAT(table.at("columns"),
              ElementsAre("task", "method", "seen mAP", "seen R@1", "seen R@10",
                          "seen R@50", "unseen mAP", "unseen R@1",
                          "unseen R@10", "unseen R@50"));
  EXPECT_EQ(table.at("rows").size(), 16U);  // four tasks, four methods
  EXPECT_FALSE(result.contains("table_by_kind"));

  const auto& settings = result.at("settings");
  EXPECT_EQ(settings.at("weights_sha256").get<std::string>().size(), 64U);
  EXPECT_EQ(settings.at("sha256").at("emoji.jsonl").get<std::string>().size(),
            64U);
  EXPECT_EQ(settings.at("target"), "union");
  EXPECT_EQ(settings.at("mask"), "bool");
  EXPECT_EQ(settings.at("precision"), "f32");
  EXPECT_EQ(settings.at("preprocess").at("pad"), "target");
  EXPECT_EQ(settings.at("prompt"), "the picture that this drawing shows");
  EXPECT_EQ(settings.at("tasks").at("line-openmoji"),
            json::parse(R"({"gallery": 4, "questions": 3})"));
  EXPECT_EQ(settings.at("missing_pictures"), 0);
}

TEST_F(EvalVerb, WritesTablesForPeopleAndPrograms) {
  const auto ran = eval("emoji-cir", {"--ablate", "--format", "markdown"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.out, read_text(out_ / "table.md"));
  EXPECT_THAT(ran.out, HasSubstr("| method | seen mAP |"));
  EXPECT_THAT(ran.out,
              HasSubstr("| split | metric | image | text | sum | composed |"));
  const auto csv = eval("emoji-cir", {"--format", "csv"});
  EXPECT_EQ(csv.out, read_text(out_ / "table.csv"));
  EXPECT_THAT(csv.out, StartsWith("task,split,kind,method,n,mAP,"));
  EXPECT_THAT(csv.out, HasSubstr("\r\ncir,seen,skin tone,composed,1,"));
  const auto wrong = eval("emoji-cir", {"--format", "html"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("text, markdown, csv, json"));
}

TEST_F(EvalVerb, PutsMethodsBesideEachOther) {
  const auto ran = eval("emoji-sbir", {"--ablate"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, ContainsRegex("task +split +metric +image +text +sum "
                                     "+composed\n"));
  const auto table = read_json(out_ / "result.json").at("table_by_method");
  EXPECT_THAT(table.at("columns"),
              ElementsAre("task", "split", "metric", "image", "text", "sum",
                          "composed"));
  EXPECT_EQ(table.at("rows").size(), 4U * 2U * 4U);
}

TEST_F(EvalVerb, WritesEveryQuestionWithWhatItFound) {
  ASSERT_EQ(eval("emoji-cir", {"--ablate"}).exit_code, 0);
  std::ifstream lines(out_ / "questions.jsonl");
  std::map<std::string, double> sums;
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const auto question = json::parse(line);
    if (question.at("split") != "seen") continue;
    const auto method = question.at("method").get<std::string>();
    sums[method] += question.at("metrics").at("mAP").get<double>();
    const auto first = question.at("first").get<std::size_t>();
    const auto& hits = question.at("hits");
    for (std::size_t i = 0; i < hits.size() && i < first; ++i)
      EXPECT_EQ(hits.at(i).at("right"), i + 1 == first);
    if (first <= hits.size()) {
      EXPECT_EQ(hits.at(first - 1).at("picture"), question.at("answer"));
    }
    EXPECT_TRUE(fs::exists(root_ / question.at("picture").get<std::string>()));
  }
  EXPECT_EQ(count, 3U * 4U);
  const auto metrics = read_json(out_ / "result.json").at("metrics");
  ASSERT_EQ(sums.size(), 4U);
  for (const auto& [method, sum] : sums)
    EXPECT_DOUBLE_EQ(metrics.at("cir/seen/" + method + "/mAP").get<double>(),
                     100 * sum / 2);
}

TEST_F(EvalVerb, ShowsAsManyQuestionsAsAreAskedFor) {
  ASSERT_EQ(eval("emoji-cir", {"--report-questions", "1"}).exit_code, 0);
  EXPECT_THAT(read_text(out_ / "report.html"), HasSubstr("1 of 3 questions: "));
}

TEST_F(EvalVerb, TellsComposedQuestionsByKind) {
  const auto ran = eval("emoji-cir", {"--target", "original"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("skin tone"));
  const auto result = read_json(out_ / "result.json");
  EXPECT_EQ(result.at("table").at("rows").size(), 1U);
  EXPECT_EQ(result.at("table_by_kind").at("columns").at(2), "seen n");
  EXPECT_EQ(result.at("table_by_kind").at("rows").size(), 2U);
  EXPECT_EQ(result.at("metrics").at("cir/seen/skin tone/composed/n"), 1);
  EXPECT_EQ(result.at("settings").at("target"), "original");
  EXPECT_EQ(result.at("settings").at("prompt"), "{}");
}

TEST_F(EvalVerb, KeepsToASplitAndALimit) {
  ASSERT_EQ(eval("emoji-cir", {"--split", "unseen"}).exit_code, 0);
  const auto unseen = read_json(out_ / "result.json");
  EXPECT_EQ(unseen.at("settings").at("tasks").at("cir").at("questions"), 1);
  EXPECT_EQ(unseen.at("table").at("columns").size(), 5U);
  ASSERT_EQ(eval("emoji-cir", {"--limit", "2"}).exit_code, 0);
  const auto few = read_json(out_ / "result.json");
  EXPECT_EQ(few.at("settings").at("tasks").at("cir"),
            json::parse(R"({"gallery": 10, "questions": 2})"));
}

TEST_F(EvalVerb, WritesScoresThatGiveTheRanks) {
  ASSERT_EQ(eval("emoji-cir", {"--scores"}).exit_code, 0);
  const auto scores = read_npy_f32(out_ / "scores.npy");
  EXPECT_EQ(scores.shape(), (Shape{3, 10}));
  const auto task = read_json(out_ / "scores.json");
  EXPECT_EQ(task.at("gallery").size(), 10U);
  std::size_t hits = 0;
  for (std::size_t q = 0; q < 3; ++q) {
    const auto& question = task.at("questions").at(q);
    std::size_t best = 0;
    float highest = -2;
    for (std::size_t row = 0; row < 10; ++row) {
      const auto removed =
          question.at("removed").get<std::vector<std::size_t>>();
      if (std::ranges::count(removed, row) > 0) continue;
      const auto score = scores.matrix().row(q)[row];
      if (score > highest) highest = score, best = row;
    }
    const auto relevant =
        question.at("relevant").get<std::vector<std::size_t>>();
    hits += std::ranges::count(relevant, best) > 0 ? 1 : 0;
  }
  const auto metrics = read_json(out_ / "result.json").at("metrics");
  const double found = 2 * metrics.at("cir/seen/composed/R@1").get<double>() +
                       metrics.at("cir/unseen/composed/R@1").get<double>();
  EXPECT_DOUBLE_EQ(found / 100, static_cast<double>(hits));
}

TEST_F(EvalVerb, WritesWhatCirrsServerJudges) {
  root_ = golden("datasets/CIRR");
  const auto ran = eval("cirr", {"--split", "test1", "--scores"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr((out_ / "recall_subset.json").string()));
  const auto recall = read_json(out_ / "recall.json");
  EXPECT_EQ(recall.size(), 18U);  // 16 questions, version and metric
  EXPECT_EQ(recall.at("version"), "rc2");
  EXPECT_EQ(recall.at("metric"), "recall");
  EXPECT_EQ(recall.at("12060").size(), 39U);  // of 40 pictures
  EXPECT_EQ(read_json(out_ / "recall_subset.json").at("12060").size(), 3U);
  const auto result = read_json(out_ / "result.json");
  EXPECT_THAT(result.at("table").at("rows"), IsEmpty());
  EXPECT_THAT(result.at("metrics"), IsEmpty());
  const auto& settings = result.at("settings");
  EXPECT_EQ(settings.at("prompt"), "find a photo that {}");
  EXPECT_EQ(settings.at("removes_reference"), true);
  EXPECT_EQ(settings.at("preprocess").at("convert"), "first");
  EXPECT_TRUE(
      settings.at("sha256").contains("cirr/captions/cap.rc2.test1.json"));
  EXPECT_EQ(read_npy_f32(out_ / "scores.npy").shape(), (Shape{16, 40}));
}

TEST_F(EvalVerb, TellsSplitsOfOneBenchmarkApart) {
  root_ = golden("datasets/CIRCO");
  const auto ran = eval("circo", {"--scores", "--limit", "3"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(read_json(out_ / "circo.json").size(), 3U);
  EXPECT_EQ(read_json(out_ / "val-circo.json").size(), 3U);
  EXPECT_EQ(read_npy_f32(out_ / "scores-test-composed.npy").shape(),
            (Shape{3, 48}));
  const auto result = read_json(out_ / "result.json");
  const auto& metrics = result.at("metrics");
  EXPECT_EQ(metrics.at("val/composed/n"), 3);
  EXPECT_EQ(metrics.at("mAP@5"), metrics.at("val/composed/mAP@5"));
  EXPECT_EQ(result.at("table").at("columns").at(1), "mAP@5");
  EXPECT_EQ(result.at("table_by_kind").at("rows").at(0).at(0), "color");
}

TEST_F(EvalVerb, AsksAModelWithoutUnionHeadWithoutIt) {
  unpack(golden("models/transagg_only/transagg_only.pth.gz"),
         folder_ / "m.pth");
  root_ = golden("datasets/FashionIQ");
  const auto ran = eval("fashioniq", {"--ablate", "--limit", "2"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  const auto result = read_json(out_ / "result.json");
  EXPECT_FLOAT_EQ(result.at("settings").at("union_share").get<float>(), 0);
  EXPECT_EQ(result.at("table").at("columns").at(1), "Method");
  EXPECT_EQ(result.at("table").at("rows").size(), 20U);  // 5 of each method
  EXPECT_EQ(result.at("settings").at("target"), "original");
}

TEST_F(EvalVerb, LeavesOutDamagedPicturesAndSaysSo) {
  std::ofstream(root_ / "openmoji/C.png") << "no picture";
  const auto ran = eval("emoji-cir", {"--strict"});
  EXPECT_EQ(ran.exit_code, 7);
  EXPECT_THAT(ran.err, HasSubstr("warning: "));
  EXPECT_THAT(ran.err, HasSubstr("openmoji/C.png"));
  EXPECT_THAT(ran.out, HasSubstr("1 pictures could not be read; 1 questions"));
  const auto settings = read_json(out_ / "result.json").at("settings");
  EXPECT_EQ(settings.at("missing_pictures"), 1);
  EXPECT_EQ(settings.at("left_out_questions"), 1);
  EXPECT_EQ(eval("emoji-cir").exit_code, 0);
}

TEST_F(EvalVerb, SaysWhatItCannotDo) {
  const auto unknown = eval("emoji");
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("emoji-sbir, emoji-cir"));
  const auto split = eval("emoji-cir", {"--split", "test"});
  EXPECT_EQ(split.exit_code, 2);
  EXPECT_THAT(split.err, HasSubstr("has questions of seen, unseen"));
  EXPECT_EQ(eval("emoji-cir", {"--target", "x"}).exit_code, 2);
  root_ = folder_ / "none";
  const auto missing = eval("emoji-cir");
  EXPECT_EQ(missing.exit_code, 3);
  EXPECT_THAT(missing.err, HasSubstr("script/emoji"));
  EXPECT_FALSE(fs::exists(out_));
}

}  // namespace
}  // namespace igrot::app
