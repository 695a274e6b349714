#include "eval/report_page.h"

#include <gmock/gmock.h>

#include "base/file.h"
#include "eval/benchmarks.h"
#include "tests/eval/small_benchmark.h"
#include "tests/temporary_folder.h"

namespace igrot {
namespace {

using testing::HasSubstr;
using testing::Not;

std::size_t count(const std::string& page, std::string_view part) {
  std::size_t count = 0;
  for (auto at = page.find(part); at != std::string::npos;
       at = page.find(part, at + 1))
    ++count;
  return count;
}

/// An evaluation without a model: rows are told apart by made-up vectors. The
/// first two questions are asked of a gallery of three.
class ReportPage : public testing::Test {
 protected:
  ReportPage() {
    EvalTask task{.name = "t", .gallery = {}, .questions = {}};
    for (const auto* code : {"A", "B", "C"})
      task.gallery.push_back(benchmark_ / "noto" /
                             (std::string(code) + ".png"));
    task.questions = {{.picture = benchmark_ / "line/A.png",
                       .text = "easy",
                       .relevant = {0},
                       .removed = {},
                       .split = "seen",
                       .kinds = {}},
                      {.picture = benchmark_ / "line/B.png",
                       .text = "<script>hard</script>",
                       .relevant = {1},
                       .removed = {2},
                       .split = "unseen",
                       .kinds = {"tone"}}};
    evaluation_.tasks.push_back(task);
    const std::vector<float> asked{1, 0, 1, 0};
    const std::vector<float> rows{3, 0, 2, 0, 1, 0};
    evaluation_.rankings.push_back(
        {.task = 0,
         .method = Fusion::transagg,
         .queries = Tensor({2, 2}, asked),
         .gallery = std::make_shared<Tensor>(Shape{3, 2}, rows),
         .values = {std::vector<double>(emoji_metrics().size(), 0.5),
                    std::vector<double>(emoji_metrics().size(), 1)},
         .first = {0, 1}});
    evaluation_.metrics = emoji_metrics();
  }

  std::string page() {
    const auto groups = eval_groups(evaluation_);
    write_report_page(folder_ / "r.html",
                      {.title = "one & all",
                       .tables = {main_table(groups), kind_table(groups)},
                       .facts = {{"weights", "<abc>"}},
                       .preprocess = {},
                       .recipe = {},
                       .runtime = {.threads = 2, .warn = {}}},
                      evaluation_);
    const auto bytes = read_file(folder_ / "r.html", 1 << 24);
    return std::string(as_text(bytes));
  }

  TemporaryFolder folder_;
  test::SmallBenchmark benchmark_{folder_.path()};
  Evaluation evaluation_;
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

TEST_F(ReportPage, TellsNoPlaceWhereNothingIsKnownToBeRight) {
  auto& task = evaluation_.tasks[0];
  task.judged = false;
  for (auto& question : task.questions) question.relevant = {};
  evaluation_.rankings[0].values.clear();
  evaluation_.rankings[0].first.clear();
  const auto text = page();
  EXPECT_THAT(text, Not(HasSubstr("first right: 1")));
  EXPECT_THAT(text, HasSubstr("unseen \u00b7 tone</p>"));
  EXPECT_EQ(count(text, "<span class=\"picture "), 7U);
}

TEST_F(ReportPage, EscapesWhatComesFromOutside) {
  const auto text = page();
  EXPECT_THAT(text, Not(HasSubstr("<script")));
  EXPECT_THAT(text, HasSubstr("&#60;script&#62;hard"));
  EXPECT_THAT(text, HasSubstr("&#60;abc&#62;"));
  EXPECT_THAT(text, HasSubstr("one &#38; all"));
}

TEST_F(ReportPage, LeavesPicturesThatAreGoneBlank) {
  std::filesystem::remove(benchmark_ / "noto/A.png");
  EXPECT_EQ(count(page(), "background-image:url("), 4U);
}

}  // namespace
}  // namespace igrot
