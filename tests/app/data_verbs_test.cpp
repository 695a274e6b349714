// `igrot data list`, `data check` and `data sample-lasco`, run as a program.
#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "data/set_check.h"
#include "eval/benchmarks.h"
#include "golden.h"
#include "run.h"
#include "tests/temporary_folder.h"

namespace igrot::app {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(DataList, NamesEverySet) {
  const auto ran = run({"data", "list", "--json"});
  EXPECT_EQ(ran.exit_code, 0);
  std::vector<std::string> names;
  for (const auto& set : json::parse(ran.out))
    names.push_back(set.at("use").get<std::string>() + " " +
                    set.at("name").get<std::string>());
  for (const auto& benchmark : benchmarks())
    EXPECT_THAT(names, Contains("eval " + std::string(benchmark.name)));
  for (const auto& set : training_sets())
    EXPECT_THAT(names, Contains("train " + std::string(set.name)));
  EXPECT_THAT(run({"data", "list"}).out, HasSubstr("cirr"));
}

/// A copy of a miniature data set that a test may damage.
class DataCheck : public testing::Test {
 protected:
  fs::path copy(const std::string& name) {
    const auto root = folder_ / name;
    fs::copy(golden("datasets/" + name), root, fs::copy_options::recursive);
    for (const auto& entry : fs::recursive_directory_iterator(root))
      fs::permissions(entry, fs::perms::owner_all, fs::perm_options::add);
    return root;
  }

  static Ran check(const std::string& name, const fs::path& root,
                   std::vector<std::string> more = {}) {
    std::vector<std::string> words{"data", "check", name, "--root",
                                   root.string()};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }

  TemporaryFolder folder_;
};

TEST_F(DataCheck, FindsNothingInAWholeSet) {
  const auto ran = check("tuberlin", copy("TUBerlin"));
  EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err;
  EXPECT_THAT(ran.out, HasSubstr(" 0 missing or damaged"));
}

TEST_F(DataCheck, ListsMissingAndDamagedPictures) {
  const auto root = copy("TUBerlin");
  const auto sets =
      read_retrieval_sets(find_retrieval_source("tuberlin"), root, "val");
  const auto missing = sets[0].gallery[0];
  const auto damaged = sets[0].queries[0].picture;
  fs::remove(missing);
  fs::resize_file(damaged, 20);
  const auto ran = check("tuberlin", root, {"--json"});
  EXPECT_EQ(ran.exit_code, 4);
  const auto faults = json::parse(ran.out).at("faults");
  ASSERT_EQ(faults.size(), 2U);
  EXPECT_EQ(faults[0].at("path"), missing.string());
  EXPECT_EQ(faults[0].at("kind"), "not_found");
  EXPECT_EQ(faults[1].at("path"), damaged.string());
  EXPECT_THAT(check("tuberlin", root).out, HasSubstr("2 missing or damaged"));

  const auto quick =
      json::parse(check("tuberlin", root, {"--json", "--quick"}).out);
  ASSERT_EQ(quick.at("faults").size(), 1U);
  EXPECT_EQ(quick.at("decoded"), false);
}

TEST_F(DataCheck, ComparesWithThePublishedCounts) {
  const auto ran = check("cirr", golden("datasets/CIRR"), {"--json"});
  EXPECT_EQ(ran.exit_code, 4);
  const auto found = json::parse(ran.out);
  EXPECT_THAT(found.at("faults"), IsEmpty());
  EXPECT_EQ(found.at("differences").size(), 4U);
  EXPECT_EQ(found.at("sets")[0].at("published_queries"), 4181);
  EXPECT_THAT(found.at("differences")[0].get<std::string>(),
              HasSubstr("the public list 4181"));
}

TEST_F(DataCheck, ChecksTheSplitsThatAreThere) {
  const auto root = copy("CIRCO");
  fs::remove(root / "annotations" / "test.json");
  const auto ran = check("circo", root);
  EXPECT_THAT(ran.err, HasSubstr("test is not checked"));
  EXPECT_THAT(ran.out, HasSubstr("val"));
  fs::remove(root / "annotations" / "val.json");
  EXPECT_EQ(check("circo", root).exit_code, 3);
  EXPECT_EQ(check("circo", root, {"--split", "test"}).exit_code, 3);
  EXPECT_EQ(check("circo", root, {"--split", "train"}).exit_code, 2);
}

TEST_F(DataCheck, ChecksWhatIsTrainedOn) {
  const auto root = copy("LAION-CIR");
  const auto ran = check("laion-template", root, {"--json"});
  EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err;
  const auto found = json::parse(ran.out);
  EXPECT_EQ(found.at("sets")[0].at("split"), "train");
  EXPECT_GT(found.at("pictures"), 0);
  const auto set =
      set_of_triplets(read_training_set("laion-template", root, false));
  EXPECT_EQ(found.at("sets")[0].at("queries"), set.queries.size());
  fs::remove(set.gallery[0]);
  EXPECT_EQ(check("laion-template", root, {"--quick"}).exit_code, 4);
  EXPECT_EQ(check("laion-template", root, {"--split", "val"}).exit_code, 2);
}

TEST_F(DataCheck, ChecksBothSidesOfASet) {
  const auto ran =
      check("sketchy", golden("datasets/Sketchy"), {"--json", "--quick"});
  std::vector<std::string> splits;
  const auto found = json::parse(ran.out);
  for (const auto& set : found.at("sets")) splits.push_back(set.at("split"));
  EXPECT_THAT(splits, ElementsAre("val", "val21", "train"));
  EXPECT_THAT(found.at("differences")[0].get<std::string>(),
              HasSubstr("triplets, the public list 5000"));
  EXPECT_TRUE(found.at("sets")[2].at("published_gallery").is_null());
}

TEST_F(DataCheck, ChecksASetOfOnesOwn) {
  const auto root = copy("Sketchy");
  std::ofstream(root / "own.toml")
      << "[set]\nkind = \"classes\"\n"
         "queries = \"zeroshot1/sketch_tx_000000000"
         "000_ready_filelist_zero.txt\"\n"
         "gallery = \"zeroshot1/all_photo_filelist"
         "_zero.txt\"\n";
  const auto ran =
      run({"data", "check", (root / "own.toml").string(), "--json"});
  EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err;
  EXPECT_EQ(json::parse(ran.out).at("name"), "own");
  std::ofstream(root / "own.toml") << "[set]\nqueries = 3\n";
  const auto wrong = run({"data", "check", (root / "own.toml").string()});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.err,
              HasSubstr("own.toml: line 2: 'queries' is not a text in quotes"));
}

TEST_F(DataCheck, NeedsARootForNames) {
  const auto ran = run({"data", "check", "cirr"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.err, HasSubstr("--root is required"));
}

TEST(DataSampleLasco, WritesEvery70thTriplet) {
  const TemporaryFolder folder;
  const auto out = folder / "sample.json";
  const auto root = golden("datasets/LaSCo").string();
  const auto ran = run({"data", "sample-lasco", "--root", root, "--out",
                        out.string(), "--json"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  const auto told = json::parse(ran.out);
  std::ifstream in(out);
  const auto sample = json::parse(in);
  EXPECT_EQ(told.at("triplets"), sample.size());
  EXPECT_EQ(sample[0].at("query-text"), "Replace the star with a brown one.");
  EXPECT_EQ(told.at("list"), root + "/lasco_train.json");
  EXPECT_EQ(run({"data", "sample-lasco", "--root", folder.path().string(),
                 "--out", out.string()})
                .exit_code,
            3);
  EXPECT_EQ(run({"data", "sample-lasco", "--root", folder.path().string(),
                 "--list", "sample.json", "--out", out.string()})
                .exit_code,
            2);
}

TEST_F(DataCheck, KnowsItsNames) {
  const auto ran = check("nothing", folder_.path());
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.err, HasSubstr("fashioniq"));
}

}  // namespace
}  // namespace igrot::app
