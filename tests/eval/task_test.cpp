#include "eval/task.h"

#include <gmock/gmock.h>

namespace igrot {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

EvalQuestion question(std::string picture, std::vector<std::size_t> relevant,
                      std::vector<std::size_t> removed = {},
                      std::string split = "seen") {
  return {.picture = std::move(picture),
          .text = {},
          .relevant = std::move(relevant),
          .removed = std::move(removed),
          .split = std::move(split),
          .kinds = {}};
}

TEST(SpreadIndices, ReachOverAll) {
  EXPECT_THAT(spread_indices(9, 3), ElementsAre(0, 3, 6));
  EXPECT_THAT(spread_indices(3, 9), ElementsAre(0, 1, 2));
  EXPECT_THAT(spread_indices(0, 3), IsEmpty());
}

TEST(Task, WithoutFilesNumbersTheRowsAnew) {
  const EvalTask task{
      .name = "t",
      .gallery = {"a", "b", "c", "d"},
      .questions = {question("q1", {1, 3}, {0, 2}), question("q2", {1}),
                    question("gone", {0})}};
  const auto left = without_files(task, {"b", "gone"});
  EXPECT_THAT(left.gallery, ElementsAre("a", "c", "d"));
  ASSERT_EQ(left.questions.size(), 1U);
  EXPECT_THAT(left.questions[0].relevant, ElementsAre(2));
  EXPECT_THAT(left.questions[0].removed, ElementsAre(0, 1));
}

TEST(Task, KeepsOfItsGalleryWhatQuestionsShowOrAskFor) {
  EvalTask task{.name = "t",
                .gallery = {"a", "b", "c", "d", "e"},
                .questions = {question("d", {1}, {3}), question("q", {1, 4})},
                .names = {"A", "B", "C", "D", "E"}};
  keep_asked(task);
  EXPECT_THAT(task.gallery, ElementsAre("b", "d", "e"));
  EXPECT_THAT(task.names, ElementsAre("B", "D", "E"));
  ASSERT_EQ(task.questions.size(), 2U);
  EXPECT_THAT(task.questions[0].relevant, ElementsAre(0));
  EXPECT_THAT(task.questions[0].removed, ElementsAre(1));
  EXPECT_THAT(task.questions[1].relevant, ElementsAre(0, 2));
}

TEST(Task, WithoutFilesKeepsQuestionsThatNeverHadAnAnswer) {
  EvalTask task{.name = "t",
                .gallery = {"a", "b", "c"},
                .questions = {question("q", {}, {2})},
                .names = {"A", "B", "C"}};
  task.questions[0].subset = {0, 1};
  task.questions[0].target = 1;
  const auto left = without_files(task, {"a"});
  EXPECT_THAT(left.names, ElementsAre("B", "C"));
  ASSERT_EQ(left.questions.size(), 1U);
  EXPECT_THAT(left.questions[0].removed, ElementsAre(1));
  EXPECT_THAT(left.questions[0].subset, ElementsAre(0));
  EXPECT_EQ(left.questions[0].target, 0U);
  EXPECT_EQ(without_files(task, {"b"}).questions[0].target, std::nullopt);
}

TEST(Task, WithoutFilesSharesWhatWasShared) {
  const SharedRows both{0, 2};
  EvalTask task{.name = "t", .gallery = {"a", "b", "c"}, .questions = {}};
  for (const auto* picture : {"q1", "q2"}) {
    task.questions.push_back(question(picture, {}));
    task.questions.back().relevant = both;
  }
  const auto left = without_files(task, {"b"});
  EXPECT_THAT(left.questions[1].relevant, ElementsAre(0, 1));
  EXPECT_EQ(&left.questions[0].relevant.list(),
            &left.questions[1].relevant.list());
}

TEST(Task, KeepsASplitOrAFew) {
  EvalTask task{
      .name = "t",
      .gallery = {"a"},
      .questions = {question("1", {0}), question("2", {0}),
                    question("3", {0}, {}, "unseen"), question("4", {0})}};
  auto few = task;
  keep_spread(few, 2);
  ASSERT_EQ(few.questions.size(), 2U);
  EXPECT_EQ(few.questions[1].picture, "3");
  keep_split(task, "unseen");
  ASSERT_EQ(task.questions.size(), 1U);
  EXPECT_EQ(task.questions[0].picture, "3");
}

}  // namespace
}  // namespace igrot
