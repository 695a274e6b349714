// A set that a TOML file describes is asked and measured as the field's are.
#include <gmock/gmock.h>

#include "eval/asked_benchmark.h"
#include "igrot/error.h"
#include "tests/data/sample.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class OwnBenchmark : public testing::Test {
 protected:
  OwnBenchmark() {
    for (const auto* name : {"p/a.jpg", "p/b.jpg", "p/c.jpg"})
      write_text(folder_ / name, "picture");
    write_text(folder_ / "q.csv",
               "query,one,two,target,subset,kind\n"
               "a.jpg,Red,TALL,b.jpg,a.jpg;b.jpg,colour\n"
               "b.jpg,Blue,low,c.jpg;a.jpg,b.jpg;c.jpg,colour;size\n");
  }

  std::string file(const std::string& more = "") {
    const auto path = folder_ / "own.toml";
    write_text(path, "[set]\nqueries = \"q.csv\"\ngallery = \"p\"\n" + more +
                         "[columns]\ntext = [\"one\", \"two\"]\n");
    return path.string();
  }

  TemporaryFolder folder_;
};

TEST_F(OwnBenchmark, AsksByItsOwnProtocol) {
  const auto asked = ask_benchmark(
      file("prompt = \"a photo of {}\"\njoint = \", \"\nlower_case = true\n"));
  EXPECT_EQ(asked.row.name, "own");
  EXPECT_EQ(asked.root, folder_.path());
  const auto tasks = read_tasks(asked.row, asked.root, {});
  ASSERT_THAT(tasks, SizeIs(1));
  EXPECT_EQ(tasks[0].name, "own");
  EXPECT_EQ(tasks[0].questions.at(0).text, "a photo of red, tall");
  EXPECT_THAT(tasks[0].questions[0].removed, ElementsAre(0));
  EXPECT_THAT(tasks[0].questions[1].kinds, ElementsAre("colour", "size"));
  EXPECT_EQ(tasks[0].questions[0].split, "own");
  const auto kept = ask_benchmark(file("reference = \"kept\"\n"));
  EXPECT_THAT(read_tasks(kept.row, kept.root, {}).at(0).questions.at(0).removed,
              IsEmpty());
}

TEST_F(OwnBenchmark, IsMeasuredByAFamilyOfMetrics) {
  EXPECT_EQ(ask_benchmark(file()).row.metrics().front().name, "R@1");
  const auto truths = ask_benchmark(file("metrics = \"truths\"\n"));
  EXPECT_EQ(truths.row.metrics().front().name, "mAP@5");
  EXPECT_EQ(truths.row.table->columns.front().name, "mAP@5");
  try {
    ask_benchmark(file("metrics = \"mAP\"\n"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_THAT(error.what(),
                HasSubstr("own.toml: 'metrics' is 'mAP', expected "
                          "one of recall, subset, truths, "
                          "classes"));
  }
}

TEST_F(OwnBenchmark, TakesNoOptionsInsteadOfItsFile) {
  try {
    ask_benchmark(file(), {.names = {{"reference", "kept"}}});
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(),
                HasSubstr("what a TOML file describes is asked as it says"));
  }
  EXPECT_FLOAT_EQ(
      ask_benchmark(file(), {.names = {}, .union_share = 0.3F}).row.union_share,
      0.3F);
}

TEST(MetricFamilies, NameOnlyMetricsThatTheyHave) {
  for (const auto& family : metric_families()) {
    std::vector<std::string_view> known{"n"};
    for (const auto& metric : family.metrics()) known.push_back(metric.name);
    for (const auto columns : {family.table->columns, family.kind_columns})
      for (const auto& column : columns)
        EXPECT_THAT(known,
                    testing::Contains(column.metric.empty() ? column.name
                                                            : column.metric))
            << family.name;
  }
}

}  // namespace
}  // namespace igrot
