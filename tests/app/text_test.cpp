// What the program reads and shows as text: lists, JSON, terminal, progress.
#include <gmock/gmock.h>

#include <fstream>

#include "igrot/error.h"
#include "lines.h"
#include "progress_bar.h"
#include "terminal.h"
#include "tests/temporary_folder.h"

namespace igrot::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Printable, LeavesOrdinaryTextAlone) {
  EXPECT_EQ(printable("Grüße, 猫.jpg"), "Grüße, 猫.jpg");
}

TEST(Printable, EscapesWhatATerminalObeys) {
  EXPECT_EQ(printable("a\x1b[31mb\n"), "a\\x1b[31mb\\n");
  EXPECT_EQ(printable("\xc2\x9b"), "\\x9b");
  EXPECT_EQ(printable("\xe2\x80\xae"), "\\u202e");
}

TEST(Printable, EscapesBytesThatAreNotUtf8) {
  EXPECT_EQ(printable("\xff"
                      "a\xc3"),
            "\\xffa\\xc3");
}

TEST(Json, ReadsSurrogatesWithoutPartnerAsReplacementCharacters) {
  const auto text = [](const char* json) {
    return parse_json(json).get<std::string>();
  };
  EXPECT_EQ(text(R"("\ud83d\udc36")"), "\xf0\x9f\x90\xb6");
  EXPECT_EQ(text(R"("a\ud83d")"), "a\xef\xbf\xbd");
  EXPECT_EQ(text(R"("\udc36b")"),
            "\xef\xbf\xbd"
            "b");
  EXPECT_EQ(text(R"("\ud83d\ud83d\udc36")"), "\xef\xbf\xbd\xf0\x9f\x90\xb6");
  EXPECT_EQ(text(R"("\\ud83d")"), "\\ud83d");
}

TEST(Json, RefusesWhatIsNoJson) {
  for (const auto* json : {"", "{", "\"\\ud8\"", "\"\xff\"", "1 2"})
    EXPECT_THROW(parse_json(json), Error) << json;
  EXPECT_THROW(parse_json(std::string(100'000, '[')), Error);
}

TEST(List, KeepsEmptyLinesAsEmptyTexts) {
  const TemporaryFolder folder;
  std::ofstream(folder / "list.txt") << "a\n\nb\r\nc";
  EXPECT_THAT(read_list(folder / "list.txt"), ElementsAre("a", "", "b", "c"));
}

TEST(List, ReadsJsonStringsWhereTheNameSaysSo) {
  const TemporaryFolder folder;
  std::ofstream(folder / "list.jsonl") << "\"a\\nb\"\n\n\"\"\n";
  EXPECT_THAT(read_list(folder / "list.jsonl"), ElementsAre("a\nb", ""));
}

TEST(List, NamesTheLineThatIsWrong) {
  const TemporaryFolder folder;
  std::ofstream(folder / "list.jsonl") << "\"a\"\n7\n";
  try {
    read_list(folder / "list.jsonl");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::corrupt);
    EXPECT_THAT(error.what(), HasSubstr("line 2"));
  }
}

TEST(Progress, ShowsShareRateAndTimeLeft) {
  EXPECT_EQ(progress_line("indexing", 25, 100, 5, 80),
            "indexing  [#######                       ]   25%  25/100"
            "  5.0/s  0:15 left");
}

TEST(Progress, CountsNoRateForWhatWasThereBefore) {
  EXPECT_EQ(progress_line("indexing", 60, 100, 5, 80, 50),
            "indexing  [##################            ]   60%  60/100"
            "  2.0/s  0:20 left");
}

TEST(Progress, FitsNarrowTerminals) {
  EXPECT_LE(progress_line("indexing", 25, 100, 5, 30).size(), 30U);
  EXPECT_LE(progress_line("indexing", 25, 100, 5, 70).size(), 70U);
}

}  // namespace
}  // namespace igrot::app
