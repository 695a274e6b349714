// Comma-separated values, by RFC 4180 and as spreadsheets write them.
#include "data/csv.h"

#include <gmock/gmock.h>

#include "tests/data/sample.h"

namespace igrot {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;

using Cells = std::vector<std::string>;

std::vector<Cells> rows_of(std::string_view text, char separator = ',') {
  CsvRows rows(text, separator);
  std::vector<Cells> found;
  for (auto cells = rows.next(); !cells.empty(); cells = rows.next())
    found.push_back(cells);
  return found;
}

TEST(CsvRows, AreCellsBetweenCommas) {
  EXPECT_THAT(rows_of("a,b\nc,d\n"),
              ElementsAre(Cells{"a", "b"}, Cells{"c", "d"}));
  EXPECT_THAT(
      rows_of("a,,\r\n,\n x ,y"),
      ElementsAre(Cells{"a", "", ""}, Cells{"", ""}, Cells{" x ", "y"}));
  EXPECT_THAT(rows_of("a\tb,c", '\t'), ElementsAre(Cells{"a", "b,c"}));
  EXPECT_THAT(rows_of(""), ElementsAre());
}

TEST(CsvRows, MayHoldAnythingInQuotes) {
  EXPECT_THAT(rows_of("\"red, not blue\",\"say \"\"hi\"\"\"\n"),
              ElementsAre(Cells{"red, not blue", "say \"hi\""}));
  EXPECT_THAT(rows_of("\"two\r\nlines\",b\r\n\"\",c\r\n"),
              ElementsAre(Cells{"two\r\nlines", "b"}, Cells{"", "c"}));
  EXPECT_THAT(rows_of("\"last\""), ElementsAre(Cells{"last"}));
  EXPECT_THAT(rows_of("5\" tall,b"), ElementsAre(Cells{"5\" tall", "b"}));
}

TEST(CsvRows, PassOverBlankLinesButNotEmptyQuotes) {
  EXPECT_THAT(rows_of("a\n\n\r\nb\n\"\"\n"),
              ElementsAre(Cells{"a"}, Cells{"b"}, Cells{""}));
}

TEST(CsvRows, KnowTheLineThatTheyBeginIn) {
  CsvRows rows("a\n\n\"x\ny\nz\",b\nc\n");
  rows.next();
  EXPECT_EQ(rows.line(), 1U);
  rows.next();
  EXPECT_EQ(rows.line(), 3U);
  rows.next();
  EXPECT_EQ(rows.line(), 6U);
}

class CsvRecords : public testing::Test {
 protected:
  std::vector<std::string> column(std::string_view text, std::string_view name,
                                  const char* file = "t.csv") {
    write_text(folder_ / file, text);
    std::vector<std::string> found;
    for_each_csv_record(folder_ / file, [&](const Record& record) {
      found.push_back(record.text(name));
    });
    return found;
  }

  std::string refused(std::string_view text) {
    return refusal(ErrorKind::corrupt, [&] { column(text, "a"); });
  }

  TemporaryFolder folder_;
};

TEST_F(CsvRecords, HaveTheNamesOfTheFirstRow) {
  EXPECT_THAT(column("\xEF\xBB\xBF"
                     "a,b\r\n1,\"x\"\r\n2,\xC3\xA4\r\n",
                     "a"),
              ElementsAre("1", "2"));
  EXPECT_THAT(column("a,b\n1,\xC3\xA4\n", "b"), ElementsAre("\xC3\xA4"));
  EXPECT_THAT(column("a\tb\n1,5\t2\n", "a", "t.tsv"), ElementsAre("1,5"));
  EXPECT_THAT(column("a,b\n", "a"), ElementsAre());
  EXPECT_THAT(column("", "a"), ElementsAre());
}

TEST_F(CsvRecords, AreRefusedWithTheirLine) {
  EXPECT_THAT(refused("a,b\n1,2\n3\n"),
              EndsWith("t.csv: line 3: 1 cells, but there are 2 columns"));
  EXPECT_THAT(refused("a,a\n1,2\n"),
              EndsWith("line 1: two columns are called 'a'"));
  EXPECT_THAT(refused("a,b\n1,\"2\n3\n4,5\n"),
              EndsWith("line 2: a quote is opened and never closed"));
  EXPECT_THAT(refused("a,b\n\"1\"2,3\n"),
              EndsWith("line 2: a closing quote does not end its cell"));
  EXPECT_THAT(refused("a,b\n1,2\n\xE4,3\n"), EndsWith("line 3: not UTF-8"));
  EXPECT_THAT(refused("x;y\n1;2\n"), HasSubstr("line 2: 'a' is missing"));
}

}  // namespace
}  // namespace igrot
