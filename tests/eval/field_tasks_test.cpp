// How the field's data sets are asked.
#include "eval/field_tasks.h"

#include <gmock/gmock.h>

#include "eval/benchmarks.h"
#include "igrot/error.h"
#include "tests/temporary_folder.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::string text_of(std::string_view benchmark,
                    std::vector<std::string> words) {
  return question_text(find_benchmark(benchmark), words);
}

TEST(QuestionText, FollowsTheProtocol) {
  EXPECT_EQ(text_of("fashioniq", {"Is Red", "has \"{}\""}),
            "Is Red and has \"{}\"");
  EXPECT_EQ(text_of("cirr", {"Shows ÄPFEL in a BAΣ."}),
            "find a photo that shows äpfel in a baς.");
  EXPECT_EQ(text_of("circo", {"A Dog", "is BLACK"}), "a dog but is black");
  EXPECT_EQ(text_of("lasco", {"Same BUT red with a {}"}),
            "Same BUT red with a {}");
  EXPECT_EQ(text_of("dtin", {"origami"}),
            "the similar image with origami style");
  EXPECT_EQ(text_of("sketchy", {}), "a real image of sketch");
  EXPECT_EQ(text_of("tuberlin", {}), "");
  EXPECT_EQ(text_of("quickdraw", {}), "");
}

TEST(FieldTask, RemovesThePictureThatIsAskedWhereTheProtocolDoes) {
  RetrievalSet set{.part = {}, .split = "val"};
  set.gallery = {"a", "b"};
  set.queries.push_back(
      {.id = "7", .picture = "b", .words = {"X"}, .relevant = {0}, .own = 1});
  const auto cirr = field_task(find_benchmark("cirr"), set);
  EXPECT_EQ(cirr.name, "val");
  ASSERT_THAT(cirr.questions, SizeIs(1));
  EXPECT_EQ(cirr.questions[0].id, "7");
  EXPECT_THAT(cirr.questions[0].removed, ElementsAre(1));
  set.part = "dress";
  const auto fashioniq = field_task(find_benchmark("fashioniq"), set);
  EXPECT_EQ(fashioniq.name, "dress");
  EXPECT_THAT(fashioniq.questions[0].removed, IsEmpty());
}

class Splits : public testing::Test {
 protected:
  Splits() {
    fs::copy(fs::path(IGROT_TEST_GOLDEN) / "datasets/CIRR/cirr",
             folder_ / "cirr", fs::copy_options::recursive);
  }

  std::vector<std::string> names(const std::string& split) {
    std::vector<std::string> names;
    for (const auto& task :
         read_tasks(find_benchmark("cirr"), folder_.path(), {.split = split},
                    [&](std::string_view line) { warnings_ += line; }))
      names.push_back(task.name);
    return names;
  }

  TemporaryFolder folder_;
  std::string warnings_;
};

TEST_F(Splits, AreAllThatAreThere) {
  EXPECT_THAT(names("all"), ElementsAre("val", "test1"));
  EXPECT_EQ(warnings_, "");
  EXPECT_THAT(names("test1"), ElementsAre("test1"));
  fs::remove(folder_ / "cirr/captions/cap.rc2.val.json");
  EXPECT_THAT(names("all"), ElementsAre("test1"));
  EXPECT_THAT(warnings_, HasSubstr("split val is left out: "));
  EXPECT_THAT(warnings_, HasSubstr("cap.rc2.val.json"));
}

TEST_F(Splits, ThatAreNotThereAreNotFound) {
  fs::remove_all(folder_ / "cirr/captions");
  try {
    names("all");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::not_found);
    EXPECT_THAT(error.what(), HasSubstr("cap.rc2.val.json"));
  }
  try {
    names("train");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_THAT(error.what(), HasSubstr("cirr has no split 'train'; it has "
                                        "val, test1"));
  }
}

TEST(Benchmarks, HaveADataSetOfTheirNameOrReadAllAtOnce) {
  for (const auto& benchmark : benchmarks())
    EXPECT_EQ(benchmark.splits(benchmark).empty(),
              benchmark.name.starts_with("emoji-"))
        << benchmark.name;
  for (const auto& source : retrieval_sources())
    EXPECT_EQ(find_benchmark(source.name).name, source.name);
}

TEST(Benchmarks, NameOnlyMetricsThatTheyHave) {
  for (const auto& benchmark : benchmarks()) {
    if (benchmark.table == nullptr) continue;
    std::vector<std::string_view> known;
    for (const auto& metric : benchmark.metrics()) known.push_back(metric.name);
    for (const auto& column : benchmark.table->columns)
      EXPECT_THAT(known,
                  testing::Contains(column.metric.empty() ? column.name
                                                          : column.metric))
          << benchmark.name;
  }
}

}  // namespace
}  // namespace igrot
