#include "report.h"

#include <gmock/gmock.h>

namespace igrot::app {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(FileAddress, EncodesWhatAddressesReserve) {
  EXPECT_EQ(file_address("/a b/50%#?.jpg"), "file:///a%20b/50%25%23%3F.jpg");
}

TEST(Report, ShowsQuestionHitsAndFactsEscaped) {
  Report report{.title = "<script>t</script>",
                .note = "untrained & new",
                .questions = {},
                .facts = {{"model", "<m>"}}};
  ReportQuestion question{.title = "one",
                          .parts = {{"words", "\"at night\"<", {}}},
                          .fusion = "transagg",
                          .hits = {},
                          .ms = 3};
  question.hits.push_back(
      {1, 0.5F, {"data:image/png;base64,AA==", "<img src=x>.jpg", ""}});
  question.hits.push_back({2, 0.25F, {"", "gone.jpg", "file:///gone.jpg"}});
  report.questions.push_back(question);
  const auto page = html(report);
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("<img src=x")));
  EXPECT_THAT(page, HasSubstr("&#34;at night&#34;&#60;"));
  EXPECT_THAT(page, HasSubstr("src=\"data:image/png;base64,AA==\""));
  EXPECT_THAT(page, HasSubstr("0.5000"));
  EXPECT_THAT(page, HasSubstr("width:50.0%"));
  EXPECT_THAT(page, HasSubstr("cannot be shown"));
  EXPECT_THAT(page, HasSubstr("&#60;m&#62;"));
}

TEST(Report, SaysWhenNothingWasFound) {
  Report report;
  report.questions.push_back(
      {.title = "q", .parts = {}, .fusion = "text", .hits = {}, .ms = 0});
  EXPECT_THAT(html(report), HasSubstr("Nothing scored high enough"));
}

}  // namespace
}  // namespace igrot::app
