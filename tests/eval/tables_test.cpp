#include "eval/tables.h"

#include <gmock/gmock.h>

namespace igrot {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

EvalGroup group(std::string task, std::string split, std::string kind,
                std::string method, double value) {
  EvalGroup group{.task = std::move(task),
                  .split = std::move(split),
                  .kind = std::move(kind),
                  .method = std::move(method),
                  .questions = 7,
                  .values = {}};
  group.values.fill(value);
  return group;
}

TEST(MainTable, PutsSplitsBesideEachOther) {
  const auto table = main_table({group("a", "unseen", "", "image", 5),
                                 group("a", "seen", "", "image", 12.34),
                                 group("b", "seen", "", "image", 100)});
  EXPECT_THAT(table.labels, ElementsAre("task", "method"));
  EXPECT_THAT(table.splits, ElementsAre("seen", "unseen"));
  ASSERT_THAT(table.rows, SizeIs(2));
  EXPECT_THAT(table.rows[0].labels, ElementsAre("a", "image"));
  EXPECT_THAT(table.rows[0].values, SizeIs(8));
  EXPECT_EQ(shown_value(table, table.rows[0], 0), "12.3");
  EXPECT_EQ(shown_value(table, table.rows[0], 4), "5.0");
  EXPECT_EQ(shown_value(table, table.rows[1], 4), "-");
}

TEST(MainTable, NamesNoTaskWhereThereIsOne) {
  const auto table = main_table({group("a", "seen", "", "image", 1),
                                 group("a", "seen", "hair", "image", 2)});
  EXPECT_THAT(table.labels, ElementsAre("method"));
  ASSERT_THAT(table.rows, SizeIs(1));
  EXPECT_THAT(table.rows[0].labels, ElementsAre("image"));
}

TEST(KindTable, CountsTheQuestions) {
  const auto table = kind_table({group("a", "seen", "", "image", 1),
                                 group("a", "seen", "hair", "image", 2)});
  ASSERT_THAT(table.rows, SizeIs(1));
  EXPECT_THAT(table.rows[0].labels, ElementsAre("hair", "image"));
  EXPECT_EQ(shown_value(table, table.rows[0], 0), "7");
  EXPECT_EQ(shown_value(table, table.rows[0], 1), "2.0");
  EXPECT_THAT(kind_table({group("a", "seen", "", "image", 1)}).rows, IsEmpty());
}

TEST(KindTable, PutsTheMethodsOfAKindTogether) {
  const auto table = kind_table({group("a", "seen", "hair", "image", 1),
                                 group("a", "seen", "tone", "image", 2),
                                 group("a", "seen", "hair", "sum", 3),
                                 group("a", "seen", "tone", "sum", 4)});
  ASSERT_THAT(table.rows, SizeIs(4));
  EXPECT_THAT(table.rows[1].labels, ElementsAre("hair", "sum"));
  EXPECT_THAT(table.rows[2].labels, ElementsAre("tone", "image"));
  EXPECT_EQ(shown_value(table, table.rows[1], 1), "3.0");
}

}  // namespace
}  // namespace igrot
