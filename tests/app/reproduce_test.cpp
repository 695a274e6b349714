// `igrot reproduce`, run as a program on miniature data and models under the
// names it looks for.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "eval/benchmarks.h"
#include "golden.h"
#include "known_models.h"
#include "reproduce_result.h"
#include "run.h"
#include "tests/temporary_folder.h"

namespace igrot::app {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

json read_json(const fs::path& path) {
  std::ifstream in(path);
  return json::parse(in);
}

class Reproduce : public testing::Test {
 protected:
  Reproduce() {
    fs::create_directories(weights_);
    fs::create_directories(data_);
  }

  void give_weights(const std::string& from, const std::string& name) const {
    unpack(golden("models/" + from), weights_ / name);
  }
  void give_data(const std::string& name, const std::string& as) const {
    fs::copy(golden("datasets/" + name), data_ / as,
             fs::copy_options::recursive);
  }

  Ran reproduce(std::vector<std::string> more) const {
    std::vector<std::string> words{
        "reproduce",    "--weights", weights_.string(), "--data",
        data_.string(), "--out",     out_.string()};
    words.insert(words.end(), more.begin(), more.end());
    RunOptions options;
    options.variables = {{"OMP_WAIT_POLICY", "PASSIVE"}};
    return run(words, options);
  }
  /// The row of that name, from `reproduce --json`.
  json row(const std::string& name, std::vector<std::string> more = {}) const {
    more.insert(more.end(), {"--json", "--only", name});
    const auto ran = reproduce(more);
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    for (const auto& row : json::parse(ran.out))
      if (row.at("row") == name) return row;
    ADD_FAILURE() << "no row " << name;
    return {};
  }

  TemporaryFolder folder_;
  fs::path weights_ = folder_ / "weights";
  fs::path data_ = folder_ / "data";
  fs::path out_ = folder_ / "out";
};

TEST(ReproduceRows, NameWhatIgrotKnows) {
  for (const auto& method : published_methods()) {
    for (const auto& column : method.table->columns) {
      const auto& benchmark = find_benchmark(column.benchmark);
      std::vector<std::string_view> figures;
      for (const auto& known : benchmark.table->columns)
        figures.push_back(known.name);
      EXPECT_THAT(figures, Contains(column.figure)) << column.benchmark;
      EXPECT_THAT(folder_names(column.benchmark), Contains(column.benchmark));
    }
    if (!method.weights) continue;
    EXPECT_TRUE(method.weights->known_model.empty() ||
                find_known_model(method.weights->known_model));
    EXPECT_FALSE(method.weights->how.empty());
  }
}

TEST_F(Reproduce, ShowsWhatIsMissingAndHowItIsHad) {
  give_data("FashionIQ", "FashionIQ");
  const auto ran = reproduce({"--dry-run"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("needs weights union-blip\n"));
  EXPECT_THAT(ran.out, HasSubstr("needs weights union-blip and data cirr\n"));
  EXPECT_THAT(ran.out, HasSubstr("igrot model fetch openai-vit-l-14"));
  EXPECT_THAT(ran.out, Not(HasSubstr("Pic2Word")));
  EXPECT_FALSE(fs::exists(out_));
  const auto all = reproduce({"--dry-run", "--all", "--markdown"});
  EXPECT_THAT(all.out,
              HasSubstr("| pic2word-circo | Pic2Word | CLIP-L | mAP@50 val | "
                        "11.3 | - | - | not run by igrot |"));
}

TEST_F(Reproduce, RunsWhatIsThereAndShowsBothFigures) {
  give_weights("clip_tiny_union/clip_tiny_union.pth.gz", "union-blip.pth");
  give_data("FashionIQ", "FashionIQ");
  const auto found = row("union-blip-fashioniq");
  EXPECT_EQ(found.at("state"), "done");
  EXPECT_EQ(found.at("method"), "TransAgg + UNION");
  // What the reference's program prints for this model and these questions.
  const auto printed =
      read_json(golden("datasets/expected/clip_tiny.union.mask_bool.json"))
          .at("results")
          .at("FashionIQ")
          .at("rows")
          .at(3);
  ASSERT_EQ(printed.at(0), "Average");
  const auto& figure = found.at("figures").at(0);
  EXPECT_EQ(figure.at("name"), "R@10");
  EXPECT_EQ(figure.at("published"), 31.9);
  EXPECT_NEAR(figure.at("ours").get<double>(), printed.at(1).get<double>(),
              1e-4);
  EXPECT_NEAR(figure.at("difference").get<double>(),
              printed.at(1).get<double>() - 31.9, 1e-4);
  EXPECT_TRUE(fs::exists(out_ / "union-blip-fashioniq" / "result.json"));
  EXPECT_EQ(found.at("result"),
            (out_ / "union-blip-fashioniq" / "result.json").string());
}

TEST_F(Reproduce, LooksIntoTheFolderOfATraining) {
  fs::create_directories(weights_ / "union-blip");
  give_weights("clip_tiny_union/clip_tiny_union.pth.gz",
               "union-blip/best.safetensors");
  EXPECT_EQ(row("union-blip-cirr", {"--dry-run"}).at("weights"),
            (weights_ / "union-blip" / "best.safetensors").string());
}

TEST_F(Reproduce, TakesTheSplitThatIsPublished) {
  give_weights("clip_tiny_union/clip_tiny_union.pth.gz",
               "sbir_clip_large_2_epo_5k_union_both_fuse.pth");
  give_data("Sketchy", "sketchy");
  const auto found = row("union-sketchy-clip-l-sketchy");
  EXPECT_EQ(found.at("split"), "val21");
  const auto table =
      read_json(golden("datasets/expected/clip_tiny.union.mask_bool.json"))
          .at("results")
          .at("Sketchy");
  ASSERT_EQ(table.at("rows").at(1).at(0), "val21");
  ASSERT_EQ(table.at("columns").at(4), "mAP@200");
  // Printed to two decimals there.
  EXPECT_NEAR(found.at("figures").at(0).at("ours").get<double>(),
              table.at("rows").at(1).at(4).get<double>(), 0.0051);
  EXPECT_NEAR(found.at("figures").at(1).at("ours").get<double>(),
              table.at("rows").at(1).at(3).get<double>(), 0.0051);
}

TEST_F(Reproduce, AsksPlainClipInThreeWaysAtOnce) {
  give_weights("clip_tiny/clip_tiny.torchscript.pt.gz", "ViT-B-32.pt");
  give_data("CIRCO", "CIRCO");
  const auto ran = reproduce({"--json", "--only", "clip-b-*-circo"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  const auto rows = json::parse(ran.out);
  ASSERT_EQ(rows.size(), 3U);
  const auto metrics =
      read_json(out_ / "clip-b-circo" / "result.json").at("metrics");
  for (const auto& one : rows) {
    EXPECT_EQ(one.at("state"), "done");
    EXPECT_TRUE(one.at("figures").at(1).at("published").is_null());
    EXPECT_TRUE(one.at("figures").at(1).at("difference").is_null());
  }
  EXPECT_EQ(rows.at(2).at("row"), "clip-b-sum-circo");
  EXPECT_EQ(rows.at(2).at("figures").at(1).at("ours"),
            metrics.at("val/sum/mAP@50"));
}

TEST_F(Reproduce, RunsNothingTwice) {
  give_weights("clip_tiny/clip_tiny.torchscript.pt.gz", "clip-b.pt");
  give_data("TUBerlin", "TU-Berlin");
  const auto first = row("clip-b-image-tuberlin");
  const auto result = out_ / "clip-b-tuberlin" / "result.json";
  const auto written = fs::last_write_time(result);
  const auto ready = [&] {
    return row("clip-b-image-tuberlin", {"--dry-run"}).at("state") == "ready";
  };
  EXPECT_EQ(row("clip-b-image-tuberlin"), first);
  EXPECT_EQ(fs::last_write_time(result), written);
  EXPECT_FALSE(ready());

  // Other weights, other lists, another igrot: another result.
  give_weights("clip_tiny_odd/clip_tiny_odd.torchscript.pt.gz", "clip-b.pt");
  EXPECT_TRUE(ready());
  give_weights("clip_tiny/clip_tiny.torchscript.pt.gz", "clip-b.pt");
  EXPECT_FALSE(ready());
  std::ofstream(data_ / "TU-Berlin/zeroshot/png_ready_filelist_zero.txt",
                std::ios::app)
      << "\n";
  EXPECT_TRUE(ready());
  std::ofstream(result, std::ios::trunc) << "{\"settings\": 7";
  EXPECT_TRUE(ready());
  EXPECT_EQ(row("clip-b-image-tuberlin").at("state"), "done");
}

TEST_F(Reproduce, KeepsShortRunsApart) {
  give_weights("clip_tiny/clip_tiny.torchscript.pt.gz", "clip-b.pt");
  give_data("TUBerlin", "tuberlin");
  const auto ran =
      reproduce({"--only", "clip-b-image-tuberlin", "--limit", "2"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_THAT(ran.err, HasSubstr("cannot be compared"));
  EXPECT_TRUE(fs::exists(out_ / "clip-b-tuberlin-limit-2" / "result.json"));
  EXPECT_FALSE(fs::exists(out_ / "clip-b-tuberlin"));
}

TEST_F(Reproduce, ShowsAnEarlierResultWhereTheDataIsGone) {
  give_weights("clip_tiny/clip_tiny.torchscript.pt.gz", "clip-b.pt");
  give_data("TUBerlin", "tuberlin");
  const auto before = row("clip-b-image-tuberlin");
  fs::remove_all(data_ / "tuberlin");
  const auto after = row("clip-b-image-tuberlin");
  EXPECT_EQ(after.at("figures"), before.at("figures"));
  EXPECT_EQ(after.at("state"), "lacking");
  EXPECT_THAT(after.at("reason").get<std::string>(),
              HasSubstr("an earlier result; needs data tuberlin"));
}

TEST_F(Reproduce, GoesOnBehindARunThatFails) {
  std::ofstream(weights_ / "clip-b.pt") << "no weights";
  give_weights("clip_tiny/clip_tiny.torchscript.pt.gz", "clip-l.pt");
  give_data("TUBerlin", "tuberlin");
  const auto ran = reproduce({"--only", "clip-?-image-tuberlin"});
  EXPECT_NE(ran.exit_code, 0);
  EXPECT_THAT(ran.err, HasSubstr("1 of 2 evaluations failed; "
                                 "clip-b-tuberlin: "));
  EXPECT_THAT(ran.out, HasSubstr("failed: "));
  EXPECT_THAT(ran.out, HasSubstr("done"));
}

TEST_F(Reproduce, TellsWhatListsLack) {
  give_weights("clip_tiny/clip_tiny.torchscript.pt.gz", "clip-b.pt");
  give_data("TUBerlin", "tuberlin");
  fs::remove(data_ / "tuberlin/zeroshot/png_ready_filelist_zero.txt");
  const auto found = row("clip-b-image-tuberlin");
  EXPECT_EQ(found.at("state"), "lacking");
  EXPECT_THAT(found.at("reason").get<std::string>(),
              HasSubstr("png_ready_filelist_zero.txt"));
}

TEST_F(Reproduce, RefusesAPatternOfNothing) {
  const auto ran = reproduce({"--only", "resnet"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.err, HasSubstr("resnet"));
  EXPECT_THAT(ran.out, IsEmpty());
}

TEST(ReproduceFigures, AreMeansOverTheTasksOfASplit) {
  const Json result{{"metrics",
                     {{"dress/val/composed/R@10", 10.0},
                      {"shirt/val/composed/R@10", 20.0},
                      {"toptee/val/composed/R@10", 60.0},
                      {"dress/val/image/R@10", 90.0},
                      {"dress/test/composed/R@10", 90.0},
                      {"dress/val/long words/composed/R@10", 90.0},
                      {"dress/val/composed/R@50", 90.0}}}};
  const PublishedColumn column{"fashioniq", "val", "R@10"};
  EXPECT_EQ(figure_in(result, column, "composed"), 30.0);
  EXPECT_EQ(figure_in(result, column, "sum"), std::nullopt);
  EXPECT_EQ(figure_in(Json(), column, "composed"), std::nullopt);
  // A task that is called as its split.
  const Json alone{{"metrics", {{"val/image/mAP trapezoidal", 5.0}}}};
  EXPECT_EQ(figure_in(alone, {"tuberlin", "val", "mAP@all"}, "image"), 5.0);
}

}  // namespace
}  // namespace igrot::app
