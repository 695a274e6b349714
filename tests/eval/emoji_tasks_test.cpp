#include "eval/emoji_tasks.h"

#include <gmock/gmock.h>

#include "eval/benchmarks.h"
#include "igrot/error.h"
#include "tests/eval/small_benchmark.h"
#include "tests/temporary_folder.h"

namespace igrot {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class EmojiTasks : public testing::Test {
 protected:
  EvalTask sbir(std::string_view name) const {
    for (auto& task : emoji_sbir_tasks(read_emoji(folder_.path())))
      if (task.name == name) return task;
    return {};
  }

  TemporaryFolder folder_;
  test::SmallBenchmark benchmark_{folder_.path()};
};

TEST_F(EmojiTasks, AskADrawingForEveryDrawingOfTheConcept) {
  const auto task = sbir("line-openmoji");
  EXPECT_THAT(
      task.gallery,
      ElementsAre(folder_ / "openmoji/A.png", folder_ / "openmoji/A-1.png",
                  folder_ / "openmoji/B.png", folder_ / "openmoji/C.png"));
  // Nobody else drew the dog.
  ASSERT_EQ(task.questions.size(), 3U);
  EXPECT_EQ(task.questions[0].picture, folder_ / "line/A.png");
  EXPECT_THAT(task.questions[0].relevant, ElementsAre(0, 1));
  EXPECT_THAT(task.questions[0].removed, IsEmpty());
  EXPECT_EQ(task.questions[0].split, "seen");
  EXPECT_EQ(task.questions[0].text, emoji_sbir_words);
  EXPECT_THAT(task.questions[2].relevant, ElementsAre(3));
  EXPECT_EQ(task.questions[2].split, "unseen");
}

TEST_F(EmojiTasks, PairFourHands) {
  std::vector<std::string> names;
  for (const auto& task : emoji_sbir_tasks(read_emoji(folder_.path())))
    names.push_back(task.name);
  EXPECT_THAT(names, ElementsAre("line-openmoji", "line-noto",
                                 "symbola-emojione", "noto-emojione"));
  const auto task = sbir("noto-emojione");
  EXPECT_EQ(task.gallery.size(), 2U);
  ASSERT_EQ(task.questions.size(), 2U);
  EXPECT_EQ(task.questions[0].picture, folder_ / "noto/B.png");
}

TEST_F(EmojiTasks, AskWithWordsAmongAllDrawingsInColour) {
  const auto task =
      read_tasks(find_benchmark("emoji-cir"), folder_.path(), {}).at(0);
  EXPECT_EQ(task.gallery.size(), 10U);
  ASSERT_EQ(task.questions.size(), 3U);
  const auto& toned = task.questions[0];
  EXPECT_EQ(toned.picture, folder_ / "noto/A.png");
  EXPECT_EQ(toned.text, "with <dark> skin");
  EXPECT_THAT(toned.relevant, ElementsAre(2, 3));  // A-1 of noto, openmoji
  EXPECT_THAT(toned.removed, ElementsAre(0));
  EXPECT_THAT(toned.kinds, ElementsAre("skin tone"));
  // The reference is a drawing of the emoji that is meant, but no answer.
  EXPECT_THAT(task.questions[1].relevant, ElementsAre(7, 9));
  EXPECT_THAT(task.questions[1].removed, ElementsAre(8));
  // A drawing in black is not in the gallery.
  EXPECT_THAT(task.questions[2].relevant, ElementsAre(4, 5, 6));
  EXPECT_THAT(task.questions[2].removed, IsEmpty());
}

TEST(Benchmarks, AreListedWhereANameIsUnknown) {
  try {
    find_benchmark("emoji");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_THAT(error.what(), HasSubstr("emoji-sbir, emoji-cir"));
  }
}

}  // namespace
}  // namespace igrot
