#include "eval/question_log.h"

#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "igrot/error.h"
#include "tests/eval/small_evaluation.h"
#include "tests/temporary_folder.h"

namespace igrot {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class QuestionLog : public testing::Test {
 protected:
  std::vector<std::string> lines() {
    EXPECT_TRUE(write_question_log(folder_ / "q.jsonl", folder_.path(),
                                   evaluation_, {.runtime = {}, .stage = {}}));
    std::ifstream in(folder_ / "q.jsonl");
    std::vector<std::string> found;
    for (std::string line; std::getline(in, line);) found.push_back(line);
    return found;
  }

  TemporaryFolder folder_;
  test::SmallBenchmark benchmark_{folder_.path()};
  Evaluation evaluation_ = test::small_evaluation(benchmark_);
};

TEST_F(QuestionLog, HasWhatEachQuestionFound) {
  const auto found = lines();
  ASSERT_THAT(found, SizeIs(2));
  const auto hard = json::parse(found[1]);
  auto values = json::object();
  for (const auto& metric : emoji_metrics())
    values[std::string(metric.name)] = 0.5;
  EXPECT_EQ(
      hard,
      (json{{"task", "t"},
            {"split", "unseen"},
            {"method", "composed"},
            {"id", "line/B.png + <script>hard</script>"},
            {"picture", "line/B.png"},
            {"text", "<script>hard</script>"},
            {"kinds", {"tone"}},
            {"first", 2},
            {"answer", "noto/B.png"},
            {"metrics", values},
            {"hits",
             {{{"picture", "noto/A.png"}, {"score", 3.0}, {"right", false}},
              {{"picture", "noto/B.png"}, {"score", 2.0}, {"right", true}}}}}));
}

TEST_F(QuestionLog, IsReadAsItWasWritten) {
  evaluation_.rankings[0].values[0][1] = std::nan("");
  const auto question = logged_question(lines()[0]);
  EXPECT_EQ(question.task, "t");
  EXPECT_EQ(question.method, "composed");
  EXPECT_EQ(question.id, "line/A.png + easy");
  EXPECT_EQ(question.first, 1U);
  EXPECT_EQ(question.answer, "noto/A.png");
  EXPECT_THAT(question.kinds, IsEmpty());
  ASSERT_THAT(question.hits, SizeIs(3));
  EXPECT_TRUE(question.hits[0].right);
  EXPECT_EQ(question.hits[2].score, 1);
  ASSERT_THAT(question.values, SizeIs(emoji_metrics().size()));
  EXPECT_EQ(question.values[0].first, "mAP");
  EXPECT_EQ(question.values[0].second, 1);
  EXPECT_TRUE(std::isnan(question.values[1].second));
}

TEST_F(QuestionLog, NamesQuestionsThatAreAskedAgain) {
  auto& questions = evaluation_.tasks[0].questions;
  questions.push_back(questions[0]);
  questions[1].id = "12";
  EXPECT_THAT(question_ids(evaluation_.tasks[0], folder_.path()),
              ElementsAre("line/A.png + easy", "12", "line/A.png + easy #2"));
}

TEST_F(QuestionLog, TellsNothingOfTasksThatAreNotJudged) {
  evaluation_.tasks[0].judged = false;
  evaluation_.rankings[0].values.clear();
  evaluation_.rankings[0].first.clear();
  const auto question = json::parse(lines()[0]);
  EXPECT_TRUE(question.at("first").is_null());
  EXPECT_TRUE(question.at("metrics").empty());
  EXPECT_FALSE(question.at("hits").at(0).contains("right"));
  EXPECT_FALSE(logged_question(lines()[0]).first);
}

TEST_F(QuestionLog, IsNotThereWhereItWasStopped) {
  const EvalHooks hooks{.runtime = {},
                        .stage = [](auto, auto, auto) { return false; }};
  EXPECT_FALSE(write_question_log(folder_ / "q.jsonl", folder_.path(),
                                  evaluation_, hooks));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "q.jsonl"));
}

TEST_F(QuestionLog, SaysWhatIsWrongWithALine) {
  const auto good = json::parse(lines()[0]);
  const auto refusal = [&](const char* name, const json& value) {
    auto bad = good;
    bad[name] = value;
    try {
      logged_question(bad.dump());
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::corrupt);
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_THAT(refusal("task", 1), HasSubstr("'task'"));
  EXPECT_THAT(refusal("first", 0), HasSubstr("'first'"));
  EXPECT_THAT(refusal("first", -1), HasSubstr("'first'"));
  EXPECT_THAT(refusal("kinds", 1), HasSubstr("'kinds'"));
  EXPECT_THAT(refusal("hits", "x"), HasSubstr("'hits'"));
  EXPECT_THAT(refusal("hits", json::array({1})), HasSubstr("'hits'"));
  EXPECT_THAT(refusal("metrics", nullptr), HasSubstr("'metrics'"));
  EXPECT_THAT(refusal("metrics", json{{"mAP", "x"}}), HasSubstr("'mAP'"));
  EXPECT_THROW(logged_question("[1"), Error);
  EXPECT_THROW(logged_question("[1]"), Error);
  EXPECT_THROW(logged_question("{\"task\": \"\xff\"}"), Error);
}

}  // namespace
}  // namespace igrot
