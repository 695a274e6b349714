#include "eval/report_page.h"

#include <gmock/gmock.h>

#include "base/file.h"
#include "base/random.h"
#include "eval/benchmarks.h"
#include "eval/page_pictures.h"
#include "eval/rank_histogram.h"
#include "tests/eval/small_evaluation.h"
#include "tests/temporary_folder.h"

namespace igrot {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::size_t count(const std::string& page, std::string_view part) {
  std::size_t count = 0;
  for (auto at = page.find(part); at != std::string::npos;
       at = page.find(part, at + 1))
    ++count;
  return count;
}

class ReportPage : public testing::Test {
 protected:
  std::string page() {
    const auto groups = eval_groups(evaluation_);
    write_report_page(folder_ / "r.html",
                      {.title = "one & all",
                       .tables = {main_table(groups), kind_table(groups)},
                       .facts = {{"weights", "<abc>"}},
                       .preprocess = {},
                       .recipe = {},
                       .runtime = {.threads = 2, .warn = {}},
                       .hits = hits_},
                      evaluation_);
    const auto bytes = read_file(folder_ / "r.html", 1 << 24);
    return std::string(as_text(bytes));
  }

  TemporaryFolder folder_;
  std::size_t hits_ = 10;
  test::SmallBenchmark benchmark_{folder_.path()};
  Evaluation evaluation_ = test::small_evaluation(benchmark_);
};

TEST_F(ReportPage, ShowsMissesFirstAndTicksWhatIsRight) {
  const auto text = page();
  EXPECT_LT(text.find("hard"), text.find("easy"));
  EXPECT_THAT(text, HasSubstr("unseen \u00b7 tone \u00b7 first right: 2 of 2"));
  EXPECT_THAT(text, HasSubstr("seen \u00b7 first right: 1 of 3"));
  EXPECT_EQ(count(text, "aria-label=\"right: noto/A.png\""), 1U);
  EXPECT_EQ(count(text, "aria-label=\"right: "), 2U);
  // Five hits and two questions, of five pictures that are there once.
  EXPECT_EQ(count(text, "<span class=\"picture "), 7U);
  EXPECT_EQ(count(text, "background-image:url(data:image/png;base64,"), 5U);
}

TEST_F(ReportPage, ShowsTheRightAnswerBehindHitsThatMissIt) {
  hits_ = 1;
  const auto text = page();
  EXPECT_EQ(count(text, "<li class=\"answer\">"), 1U);
  EXPECT_THAT(text, HasSubstr("the right one: noto/B.png\"></span>"
                              "<small>rank 2</small></li>"));
  EXPECT_THAT(text, HasSubstr("2 of 2 questions: 1 of 1 misses and 1 of 1 "
                              "hits"));
  EXPECT_THAT(text, HasSubstr("data-found=\"miss\" data-place=\"2\" "
                              "data-bin=\"1\""));
}

TEST_F(ReportPage, TellsWhereOtherMethodsHaveTheAnswer) {
  auto other = evaluation_.rankings[0];
  other.method = Fusion::image;
  other.first = {2, 0};
  evaluation_.rankings.insert(evaluation_.rankings.begin(), other);
  const auto text = page();
  EXPECT_THAT(text, HasSubstr("<p class=\"note-line\">image 1</p>"));
  EXPECT_THAT(text, HasSubstr("<p class=\"note-line\">composed 2</p>"));
  EXPECT_THAT(text, HasSubstr("<option value=\"image\">image</option>"));
  // What a method does not read is shown as such.
  EXPECT_EQ(count(text, "<h4 class=\"words unread\">"), 2U);
  EXPECT_EQ(count(text, "<details class=\"ranking\" open>"), 1U);
}

TEST_F(ReportPage, RunsNoScriptButItsOwnAndNeedsNothingElse) {
  const auto text = page();
  EXPECT_EQ(count(text, "<script"), 1U);
  EXPECT_THAT(text, HasSubstr("script-src 'sha256-"));
  EXPECT_THAT(text, Not(HasSubstr("://")));
  EXPECT_THAT(text, HasSubstr("<form id=\"filters\" hidden"));
}

TEST_F(ReportPage, OffersOnlyFiltersThatTellQuestionsApart) {
  const auto text = page();
  EXPECT_THAT(text, HasSubstr("<select name=\"split\">"));
  EXPECT_THAT(text, Not(HasSubstr("<select name=\"task\">")));
  EXPECT_THAT(text, Not(HasSubstr("<select name=\"kind\">")));
  EXPECT_THAT(text, HasSubstr("<select name=\"order\"><option "
                              "value=\"place\">misses first"));
}

TEST_F(ReportPage, TellsNoPlaceWhereNothingIsKnownToBeRight) {
  auto& task = evaluation_.tasks[0];
  task.judged = false;
  for (auto& question : task.questions) question.relevant = {};
  evaluation_.rankings[0].values.clear();
  evaluation_.rankings[0].first.clear();
  const auto text = page();
  EXPECT_THAT(text, Not(HasSubstr("first right: 1")));
  EXPECT_THAT(text, HasSubstr("unseen \u00b7 tone</p>"));
  EXPECT_THAT(text, Not(HasSubstr("<svg")));
  EXPECT_THAT(text, Not(HasSubstr("<select name=\"found\">")));
  EXPECT_EQ(count(text, "<span class=\"picture "), 7U);
}

TEST_F(ReportPage, EscapesWhatComesFromOutside) {
  const auto text = page();
  EXPECT_THAT(text, Not(HasSubstr("<script>hard")));
  EXPECT_THAT(text, HasSubstr("&#60;script&#62;hard"));
  EXPECT_THAT(text, HasSubstr("&#60;abc&#62;"));
  EXPECT_THAT(text, HasSubstr("one &#38; all"));
}

TEST_F(ReportPage, LeavesPicturesThatAreGoneBlank) {
  std::filesystem::remove(benchmark_ / "noto/A.png");
  EXPECT_EQ(count(page(), "background-image:url("), 4U);
}

/// A ranking whose first right answers come out at these places.
ShownQuestions shown(const std::vector<std::size_t>& places,
                     std::size_t count) {
  EvalTask task{.name = "t", .gallery = {}, .questions = {}};
  task.questions.resize(places.size());
  const EvalRanking ranking{.task = 0,
                            .method = Fusion::image,
                            .queries = {},
                            .gallery = {},
                            .values = {},
                            .first = places,
                            .head = {}};
  return shown_questions(task, ranking, count, 10);
}

TEST(ShownQuestions, AreHalfMissesAndHalfHitsFromTheWorstOn) {
  const auto few = shown({0, 50, 3, 10, 9, 70, 0, 20}, 4);
  EXPECT_THAT(few.questions, ElementsAre(5, 7, 4, 0));
  EXPECT_EQ(few.misses, 2U);
  EXPECT_EQ(few.all_misses, 4U);
}

TEST(ShownQuestions, FillUpWithWhatIsThere) {
  EXPECT_THAT(shown({0, 1, 50, 2}, 3).questions, ElementsAre(2, 3, 1));
  EXPECT_THAT(shown({60, 50, 70, 0}, 3).questions, ElementsAre(2, 0, 3));
  EXPECT_THAT(shown({60, 0}, 9).questions, ElementsAre(0, 1));
  EXPECT_EQ(shown({unranked, 0}, 9).misses, 1U);
}

TEST(RankHistogram, CountsPlacesByBin) {
  EXPECT_THAT(rank_counts(std::vector<std::size_t>{0, 1, 4, 5, 9, 10, 49, 50,
                                                   99, 100, 5000, unranked}),
              ElementsAre(1, 2, 2, 2, 2, 2));
  EXPECT_EQ(rank_bin(unranked), std::nullopt);
  const auto svg = histogram_svg(std::vector<std::size_t>{0, 3, 3});
  EXPECT_THAT(svg, HasSubstr("<title>rank 2-5: 2 of 3 questions</title>"));
  EXPECT_THAT(svg, HasSubstr("<title>rank &gt;100: 0 of 3 questions</title>"));
}

TEST(PagePictures, AreJpegsWherePngsWouldBeMuchLarger) {
  PagePictures pictures;
  EXPECT_EQ(pictures.class_of("a/photo"), "p0");
  EXPECT_EQ(pictures.class_of("a/drawing"), "p1");
  EXPECT_EQ(pictures.class_of("a/photo"), "p0");
  const auto style = pictures.style(1, [](const std::filesystem::path& file) {
    ImageParts parts;
    parts.width = page_picture_side;
    parts.height = page_picture_side;
    Random random(1);
    for (std::size_t i = 0; i < 3 * parts.width * parts.height; ++i)
      parts.pixels.push_back(static_cast<std::byte>(
          file.filename() == "photo" ? 96 + random.below(64) : 200));
    return Image(std::move(parts));
  });
  EXPECT_THAT(style,
              HasSubstr(".p0{background-image:url(data:image/jpeg;base64,"));
  EXPECT_THAT(style,
              HasSubstr(".p1{background-image:url(data:image/png;base64,"));
}

}  // namespace
}  // namespace igrot
