#include "eval/submission.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

namespace igrot {
namespace {

using nlohmann::json;

/// One question of a gallery of width 1 whose rows score 3, 2, 1, 0.
class Submission : public testing::Test {
 protected:
  Submission() {
    task_.gallery = {"a", "b", "c", "d"};
    task_.names = {"30", "20", "10", "x0"};
    task_.questions = {{.picture = "b",
                        .text = {},
                        .relevant = {},
                        .removed = {1},
                        .split = {},
                        .kinds = {},
                        .id = "7",
                        .subset = {3, 1, 2}}};
    const std::vector<float> scores{3, 2, 1, 0};
    const std::vector<float> one{1};
    ranking_.queries = Tensor({1, 1}, one);
    ranking_.gallery = std::make_shared<Tensor>(Shape{4, 1}, scores);
    ranking_.head = heads_of(task_.questions, ranking_.queries.matrix(),
                             ranking_.gallery->matrix(), 1);
  }

  json text(const SubmissionForm& form) const {
    return json::parse(submission_text(form, task_, ranking_, {}).value());
  }

  EvalTask task_{.name = "test", .gallery = {}, .questions = {}};
  EvalRanking ranking_;
};

TEST_F(Submission, ListsTheFirstWithoutTheReference) {
  EXPECT_EQ(text({.file = "f", .count = 2}),
            json::parse(R"({"7": ["30", "10"]})"));
  EXPECT_EQ(text({.file = "f", .count = 50}),
            json::parse(R"({"7": ["30", "10", "x0"]})"));
}

TEST_F(Submission, ListsTheSubsetInTheOrderOfTheRanking) {
  EXPECT_EQ(text({.file = "f",
                  .count = 3,
                  .of_subset = true,
                  .version = "rc2",
                  .metric = "recall_subset"}),
            json::parse(R"({"7": ["10", "x0"], "version": "rc2",
                            "metric": "recall_subset"})"));
}

TEST_F(Submission, WritesNumbersAsNumbers) {
  EXPECT_EQ(text({.file = "f", .count = 3, .numbers = true}),
            json::parse(R"({"7": [30, 10, "x0"]})"));
}

TEST_F(Submission, StopsWhenAsked) {
  EvalHooks hooks;
  hooks.stage = [](std::string_view, std::size_t, std::size_t) {
    return false;
  };
  EXPECT_EQ(submission_text({.file = "f", .count = 2}, task_, ranking_, hooks),
            std::nullopt);
}

}  // namespace
}  // namespace igrot
