// `igrot metrics`, run as a program on what the reference scored.
#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "formats/npy.h"
#include "golden.h"
#include "run.h"
#include "tests/temporary_folder.h"

namespace igrot::app {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr double exact = 1e-9;

json golden_json(const std::string& name) {
  std::ifstream in(golden(name));
  return json::parse(in);
}

std::string eval_file(const std::string& name) {
  return golden("eval/" + name).string();
}

class Metrics : public testing::Test {
 protected:
  json metrics(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "metrics");
    arguments.emplace_back("--json");
    const auto ran = run(arguments);
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    return json::parse(ran.out);
  }
  static int code(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "metrics");
    return run(arguments).exit_code;
  }

  /// An npy file of numbers.
  template <class Number>
  std::string file(const char* name, const Shape& shape,
                   const std::vector<Number>& values, DType dtype) const {
    const auto path = folder_ / name;
    write_npy(path, dtype, shape, std::as_bytes(std::span(values)));
    return path.string();
  }
  std::string rows(const char* name, const Shape& shape,
                   const std::vector<std::int64_t>& values) const {
    return file(name, shape, values, DType::i64);
  }
  std::string scores(const Shape& shape,
                     const std::vector<double>& values) const {
    return file("s.npy", shape, values, DType::f64);
  }

  static void expect_class_a(const json& metrics) {
    const auto want = golden_json("eval/class_a.expected.json");
    for (const auto& [k, value] : want.at("precision_at").items())
      EXPECT_NEAR(metrics.at("P@" + k), value.get<double>(), exact);
    for (const auto& [k, value] : want.at("recall_at").items())
      EXPECT_NEAR(metrics.at("R@" + k), value.get<double>(), exact);
    EXPECT_NEAR(metrics.at("mAP trapezoidal"), want.at("map_all"), exact);
    EXPECT_NEAR(metrics.at("mAP@200 trapezoidal inside"), want.at("map_at200"),
                exact);
  }

  TemporaryFolder folder_;
};

TEST_F(Metrics, TakeClassesOfQueriesAndGallery) {
  const auto result =
      metrics({"--scores", eval_file("class_a.scores.npy"), "--labels",
               eval_file("class_a.query_class.npy"), "--gallery-labels",
               eval_file("class_a.gallery_class.npy"), "--rounding", "sbir"});
  EXPECT_EQ(result.at("queries"), 20);
  EXPECT_EQ(result.at("gallery"), 300);
  EXPECT_EQ(result.at("labels"), "classes");
  expect_class_a(result.at("metrics"));
}

TEST_F(Metrics, TakeTheSameLabelsInOneFile) {
  std::vector<std::int64_t> joined;
  std::vector<std::int64_t> classes[2];
  for (const int part : {0, 1}) {
    const auto labels = read_npy_f32(eval_file(
        part ? "class_a.gallery_class.npy" : "class_a.query_class.npy"));
    for (const float label : labels.values()) {
      classes[part].push_back(static_cast<std::int64_t>(label));
      joined.push_back(classes[part].back());
    }
  }
  std::vector<std::uint8_t> relevance;
  for (const auto query : classes[0])
    for (const auto row : classes[1]) relevance.push_back(query == row);
  const auto one = rows("joined.npy", {320}, joined);
  const auto matrix = file("matrix.npy", {20, 300}, relevance, DType::boolean);
  for (const auto& labels : {one, matrix})
    expect_class_a(metrics({"--scores", eval_file("class_a.scores.npy"),
                            "--labels", labels, "--rounding", "sbir"})
                       .at("metrics"));
}

TEST_F(Metrics, TakeOneTargetAQuery) {
  const auto result =
      metrics({"--scores", eval_file("recall.scores.npy"), "--labels",
               eval_file("recall.target_index.npy"), "--rounding", "cir"});
  EXPECT_EQ(result.at("labels"), "target");
  const auto want = golden_json("eval/recall.expected.json").at("expected");
  for (const auto& [name, value] : want.items())
    EXPECT_NEAR(result.at("metrics").at(name), value.get<double>(), exact);
}

TEST_F(Metrics, TakeSeveralTruthsAndLeaveOutTheQuerysOwnPicture) {
  const auto set = golden_json("eval/circo.json");
  const auto place = [&](const json& id) {
    const auto& ids = set.at("gallery_ids");
    return std::ranges::find(ids, id) - ids.begin();
  };
  std::vector<std::int64_t> truths;
  std::vector<std::int64_t> own;
  for (std::size_t q = 0; q < 20; ++q) {
    own.push_back(place(set.at("reference_img_id")[q]));
    for (std::size_t i = 0; i < 30; ++i) {
      const auto& ids = set.at("gt_img_ids")[q];
      truths.push_back(i < ids.size() ? place(ids[i]) : -1);
    }
  }
  const auto result = metrics({"--scores", eval_file("circo.scores.npy"),
                               "--labels", rows("truths.npy", {20, 30}, truths),
                               "--removed", rows("own.npy", {20}, own)});
  EXPECT_EQ(result.at("labels"), "rows");
  for (const std::string k : {"5", "10", "25", "50"}) {
    const auto& want = set.at("expected");
    const auto& found = result.at("metrics");
    EXPECT_NEAR(found.at("mAP@" + k), want.at("mAP@" + k), exact);
    EXPECT_NEAR(found.at("R@" + k + " target"), want.at("R@" + k), exact);
  }
}

TEST_F(Metrics, TakeASubsetOfEachQuery) {
  const auto set = golden_json("eval/cirr.json");
  const auto place = [&](const json& name) {
    const auto& names = set.at("gallery_names");
    return std::ranges::find(names, name) - names.begin();
  };
  std::vector<std::int64_t> target;
  std::vector<std::int64_t> own;
  std::vector<std::int64_t> members;
  for (std::size_t q = 0; q < 30; ++q) {
    target.push_back(place(set.at("target")[q]));
    own.push_back(place(set.at("reference")[q]));
    for (const auto& name : set.at("members")[q])
      members.push_back(place(name));
  }
  const auto result = metrics(
      {"--scores", eval_file("cirr.scores.npy"), "--labels",
       rows("t.npy", {30}, target), "--removed", rows("o.npy", {30}, own),
       "--subset", rows("m.npy", {30, 6}, members), "--rounding", "cir"});
  const auto& want = set.at("expected");
  for (const std::string k : {"1", "2", "3"})
    EXPECT_NEAR(result.at("metrics").at("R_subset@" + k),
                want.at("recall_subset@" + k), exact);
  for (const std::string k : {"1", "5", "10", "50"})
    EXPECT_NEAR(result.at("metrics").at("R@" + k), want.at("recall@" + k),
                exact);
}

TEST_F(Metrics, TakeASubmissionAndItsDataSet) {
  const auto golden_run =
      golden_json("datasets/expected/clip_tiny.original.mask_bool.json");
  const auto& want = golden_run.at("results").at("CIRCO");
  const auto path = folder_ / "val.json";
  std::ofstream(path) << want.at("val_submission");
  const auto result =
      metrics({"--ranking", path, "--root", golden("datasets/CIRCO").string()});
  for (const std::string k : {"5", "10", "25"}) {
    EXPECT_NEAR(result.at("metrics").at("mAP@" + k),
                want.at("val_metrics").at("mAP@" + k), exact);
    EXPECT_NEAR(result.at("metrics").at("R@" + k + " target"),
                want.at("val_metrics").at("R@" + k), exact);
  }
}

TEST_F(Metrics, RefuseASubmissionThatIsWrong) {
  const auto path = folder_ / "val.json";
  std::ofstream(path) << R"({"0": [1, 1]})";
  const auto ran = run({"metrics", "--ranking", path, "--root",
                        golden("datasets/CIRCO").string()});
  EXPECT_EQ(ran.exit_code, 4);
  EXPECT_THAT(ran.err, HasSubstr("query 0 names 1 more than once"));
  EXPECT_THAT(ran.out, IsEmpty());
}

TEST_F(Metrics, TakeRankingsOfRows) {
  // Right are 5, then 1 and 7 of which 7 was not ranked.
  const auto result = metrics(
      {"--ranking", rows("r.npy", {2, 3}, {4, 5, 0, 1, 2, -1}), "--labels",
       rows("l.npy", {2, 2}, {5, -1, 1, 7}), "--per-query"});
  EXPECT_EQ(result.at("gallery"), nullptr);
  const auto& found = result.at("metrics");
  EXPECT_DOUBLE_EQ(found.at("R@1"), 50);
  EXPECT_DOUBLE_EQ(found.at("mAP@3"), 100 * (1 / 2.0 + 1 / 2.0) / 2);
  EXPECT_DOUBLE_EQ(found.at("mAP@3 inside"), 100 * (1 / 2.0 + 1) / 2);
  // Nothing is said about what lies behind the lists.
  EXPECT_FALSE(found.contains("R@5"));
  EXPECT_FALSE(found.contains("mAP"));
  const auto& each = result.at("per_query");
  ASSERT_EQ(each.size(), 2U);
  EXPECT_DOUBLE_EQ(each[0].at("P@2"), 50);
  EXPECT_DOUBLE_EQ(each[1].at("R@1"), 100);
}

TEST_F(Metrics, KeepWhatDoublePrecisionTellsApart) {
  const auto result = metrics({"--scores", scores({1, 2}, {1, 1 + 1e-12}),
                               "--labels", rows("l.npy", {1}, {1})});
  EXPECT_DOUBLE_EQ(result.at("metrics").at("R@1"), 100);
}

TEST_F(Metrics, CountQueriesWithoutAnAnswerAsTold) {
  const std::vector<std::string> call{
      "--scores", scores({2, 3}, {3, 2, 1, 3, 2, 1}), "--labels",
      rows("l.npy", {2, 3}, {0, 1, 0, 0, 0, -1})};
  auto result = metrics(call);
  EXPECT_EQ(result.at("labels"), "relevance");
  EXPECT_EQ(result.at("without_answer"), 1);
  EXPECT_DOUBLE_EQ(result.at("metrics").at("mAP"), 25);
  auto skipping = call;
  skipping.insert(skipping.end(), {"--no-answer", "skip"});
  result = metrics(skipping);
  EXPECT_EQ(result.at("queries"), 1);
  EXPECT_DOUBLE_EQ(result.at("metrics").at("mAP"), 50);
}

TEST_F(Metrics, WarnOfScoresThatAreNotNumbers) {
  constexpr auto nan = std::numeric_limits<double>::quiet_NaN();
  const auto ran = run({"metrics", "--scores", scores({1, 2}, {nan, 1}),
                        "--labels", rows("l.npy", {1}, {0}), "--json"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_THAT(ran.err, HasSubstr("1 scores are not numbers"));
  EXPECT_EQ(json::parse(ran.out).at("metrics").at("R@1000"), 0);
}

TEST_F(Metrics, ArePrintedAsATable) {
  const auto ran =
      run({"metrics", "--scores", eval_file("recall.scores.npy"), "--labels",
           eval_file("recall.target_index.npy"), "--cuts", "10,1"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_THAT(ran.out, HasSubstr("@1     @10     all\n"));
  EXPECT_THAT(ran.out, HasSubstr("2.50   20.00\n"));
  EXPECT_THAT(ran.out, Not(HasSubstr("@5")));
}

TEST_F(Metrics, SayWhichLabelsFit) {
  const auto ran =
      run({"metrics", "--scores", scores({2, 3}, {1, 2, 3, 4, 5, 6}),
           "--labels", rows("l.npy", {4}, {0, 1, 2, 0})});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.err, HasSubstr("has shape [4]"));
  EXPECT_THAT(ran.err, HasSubstr("[5] (classes of the queries"));
}

TEST_F(Metrics, RefuseWhatDoesNotFit) {
  const auto s = scores({2, 3}, {1, 2, 3, 4, 5, 6});
  const auto one = rows("one.npy", {2}, {0, 1});
  EXPECT_EQ(code({"--scores", s}), 2);
  EXPECT_EQ(code({"--labels", one}), 2);
  EXPECT_EQ(code({"--scores", s, "--ranking", s, "--labels", one}), 2);
  EXPECT_EQ(code({"--scores", s, "--labels", one, "--cuts", "0"}), 2);
  EXPECT_EQ(code({"--scores", s, "--labels", one, "--rounding", "up"}), 2);
  EXPECT_EQ(code({"--scores", one, "--labels", one}), 2);
  EXPECT_EQ(code({"--scores", s, "--labels", rows("b.npy", {2}, {0, 3})}), 4);
  EXPECT_EQ(code({"--scores", s, "--labels", s}), 4);
  EXPECT_EQ(code({"--scores", s, "--labels", s + "x"}), 3);
  EXPECT_EQ(code({"--scores", s, "--labels", one, "--removed",
                  rows("c.npy", {3}, {0, 1, 2})}),
            2);
  EXPECT_EQ(
      code({"--ranking", rows("r.npy", {2, 2}, {1, 1, 0, 1}), "--labels", one}),
      4);
  EXPECT_EQ(code({"--ranking", "x.json"}), 2);
}

TEST_F(Metrics, RefuseShapesOfNothing) {
  const auto endless = rows("n.npy", {std::size_t{1} << 40, 0}, {});
  const auto one = rows("one.npy", {1}, {0});
  EXPECT_EQ(code({"--scores", endless, "--labels", endless}), 4);
  EXPECT_EQ(code({"--ranking", endless, "--labels", endless}), 4);
  EXPECT_EQ(code({"--scores", scores({1, 2}, {1, 2}), "--labels", endless}), 4);
  EXPECT_EQ(code({"--scores", scores({1, 2}, {1, 2}), "--labels", one}), 0);
}

}  // namespace
}  // namespace igrot::app
