#include "eval/tables.h"

#include <gmock/gmock.h>

#include "eval/table_export.h"

namespace igrot {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

EvalGroup group(std::string task, std::string split, std::string kind,
                std::string method, double value) {
  const std::vector<double> values(emoji_metrics().size(), value);
  return {.task = std::move(task),
          .split = std::move(split),
          .kind = std::move(kind),
          .method = std::move(method),
          .questions = 7,
          .metrics = emoji_metrics(),
          .values = values,
          .printed = values};
}

using Cells = std::vector<EvalCell>;

constexpr std::array reference_columns{EvalColumn{"R@1", 2},
                                       EvalColumn{"mAP@all", 2, "mAP"},
                                       EvalColumn{"R@5", 2}};

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

TEST(ReferenceTable, AveragesTasksAndThenColumns) {
  const ReferenceTable form{
      .label = "Type", .columns = reference_columns, .final_columns = 2};
  const auto table =
      reference_table({group("dress", "val", "", "composed", 10),
                       group("dress", "val", "a kind", "composed", 99),
                       group("shirt", "val", "", "composed", 40)},
                      form);
  EXPECT_THAT(table.labels, ElementsAre("Type"));
  ASSERT_THAT(table.rows, SizeIs(4));
  EXPECT_THAT(table.rows[0].labels, ElementsAre("dress"));
  EXPECT_EQ(table.rows[1].values, (Cells{40.0, 40.0, 40.0}));
  EXPECT_THAT(table.rows[2].labels, ElementsAre("Average"));
  EXPECT_EQ(table.rows[2].values, (Cells{25.0, 25.0, 25.0}));
  EXPECT_THAT(table.rows[3].labels, ElementsAre("Final avg"));
  EXPECT_EQ(table.rows[3].values, (Cells{"->", 25.0, "-"}));
  EXPECT_EQ(table.column_name(1), "mAP@all");
  EXPECT_EQ(shown_value(table, table.rows[3], 0), "->");
  EXPECT_EQ(shown_value(table, table.rows[0], 1), "10.00");
}

TEST(ReferenceTable, TellsMethodsApart) {
  const ReferenceTable form{
      .label = "Metric", .row = "Score", .columns = reference_columns};
  const auto table = reference_table({group("val", "val", "", "image", 10),
                                      group("val", "val", "", "composed", 40)},
                                     form);
  EXPECT_THAT(table.labels, ElementsAre("Metric", "Method"));
  ASSERT_THAT(table.rows, SizeIs(2));
  EXPECT_THAT(table.rows[1].labels, ElementsAre("Score", "composed"));
}

TEST(ReferenceTable, HasNoRowsWhereNothingIsJudged) {
  const ReferenceTable form{
      .label = "Type", .columns = reference_columns, .final_columns = 2};
  EXPECT_THAT(reference_table({}, form).rows, IsEmpty());
}

TEST(MethodTable, PutsMethodsBesideEachOther) {
  const auto table = method_table(main_table(
      {group("a", "seen", "", "image", 1), group("a", "unseen", "", "image", 2),
       group("a", "seen", "", "composed", 3),
       group("b", "seen", "", "composed", 4)}));
  EXPECT_THAT(table.labels, ElementsAre("task", "split", "metric"));
  EXPECT_EQ(table.column_name(0), "image");
  EXPECT_EQ(table.column_name(1), "composed");
  ASSERT_THAT(table.rows, SizeIs(12));
  EXPECT_THAT(table.rows[0].labels, ElementsAre("a", "seen", "mAP"));
  EXPECT_EQ(table.rows[0].values, (Cells{1.0, 3.0}));
  EXPECT_THAT(table.rows[4].labels, ElementsAre("a", "unseen", "mAP"));
  EXPECT_EQ(shown_value(table, table.rows[4], 1), "-");
  EXPECT_THAT(table.rows[8].labels, ElementsAre("b", "seen", "mAP"));
  EXPECT_EQ(table.rows[8].values[1], EvalCell(4.0));
}

TEST(MethodTable, HasWhatTheReferencePrintsWithItsFoot) {
  const ReferenceTable form{
      .label = "Type", .columns = reference_columns, .final_columns = 2};
  const auto table =
      method_table(reference_table({group("dress", "val", "", "image", 10),
                                    group("dress", "val", "", "composed", 40)},
                                   form));
  EXPECT_THAT(table.labels, ElementsAre("Type", "metric"));
  ASSERT_THAT(table.rows, SizeIs(7));  // of "Final avg" the one number
  EXPECT_THAT(table.rows[1].labels, ElementsAre("dress", "mAP@all"));
  EXPECT_THAT(table.rows[6].labels, ElementsAre("Final avg", "mAP@all"));
  EXPECT_EQ(shown_value(table, table.rows[6], 0), "10.00");
  EXPECT_EQ(shown_value(table, table.rows[6], 1), "40.00");
}

TEST(MethodTable, IsEmptyForOneMethod) {
  EXPECT_THAT(
      method_table(main_table({group("a", "seen", "", "image", 1)})).rows,
      IsEmpty());
  EXPECT_THAT(method_table(main_table({})).rows, IsEmpty());
}

TEST(Markdown, IsATableWhoseCellsHoldTheirText) {
  const auto table = main_table({group("a|b", "seen", "", "image", 12.34),
                                 group("c\n<i>", "unseen", "", "sum", 5)});
  EXPECT_EQ(table_markdown(table),
            "| task | method | seen mAP | seen R@1 | seen R@10 | seen R@50 | "
            "unseen mAP | unseen R@1 | unseen R@10 | unseen R@50 |\n"
            "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|\n"
            "| a\\|b | image | 12.3 | 12.3 | 12.3 | 12.3 | - | - | - | - |\n"
            "| c \\<i\\> | sum | - | - | - | - | 5.0 | 5.0 | 5.0 | 5.0 |\n");
  EXPECT_EQ(table_markdown(main_table({})), "");
}

TEST(Csv, HasEveryMetricUnroundedAndQuotesWhatNeedsIt) {
  const auto csv = table_csv(
      group_table({group("a,b", "seen", "", "image", 100.0 / 3),
                   group("say \"c\"\n", "seen", "tone", "image", 5)}));
  EXPECT_EQ(csv,
            "task,split,kind,method,n,mAP,mAP trapezoidal,mAP voc,R@1,R@5,"
            "R@10,R@50\r\n"
            "\"a,b\",seen,,image,7,33.333333333333336,33.333333333333336,"
            "33.333333333333336,33.333333333333336,33.333333333333336,"
            "33.333333333333336,33.333333333333336\r\n"
            "\"say \"\"c\"\"\n\",seen,tone,image,7,5,5,5,5,5,5,5\r\n");
}

}  // namespace
}  // namespace igrot
