// `igrot eval` of a set of one's own, and by another protocol than the
// reference program's.
#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "golden.h"
#include "run.h"
#include "tests/temporary_folder.h"

namespace igrot::app {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;

class EvalProtocol : public testing::Test {
 protected:
  EvalProtocol() {
    unpack(golden("models/clip_tiny_union/clip_tiny_union.pth.gz"),
           folder_ / "m.pth");
  }

  Ran eval(std::vector<std::string> more) {
    std::vector<std::string> words{
        "eval",       "--model", (folder_ / "m.pth").string(), "--activation",
        "quick_gelu", "--out",   (folder_ / "out").string()};
    words.insert(words.end(), more.begin(), more.end());
    return run(words, {.input = {},
                       .folder = ".",
                       .variables = {{"OMP_WAIT_POLICY", "PASSIVE"}},
                       .interrupt_after = {}});
  }

  json result() {
    std::ifstream in(folder_ / "out/result.json");
    return json::parse(in);
  }

  TemporaryFolder folder_;
};

TEST_F(EvalProtocol, OfFashionIqIsTheReferencesUnlessOneSays) {
  const auto root = golden("datasets/FashionIQ").string();
  ASSERT_EQ(eval({"fashioniq", "--root", root}).exit_code, 0);
  const auto first = result().at("settings");
  EXPECT_EQ(first.at("protocol"), json::parse(R"({"caption-join": "and",
    "gallery": "original", "reference": "kept"})"));
  EXPECT_EQ(first.at("union_share"), 0.1);
  const auto ran =
      eval({"fashioniq", "--root", root, "--gallery", "val", "--caption-join",
            "both", "--reference", "removed", "--union-share", "0"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  const auto second = result().at("settings");
  EXPECT_EQ(second.at("protocol"), json::parse(R"({"caption-join": "both",
    "gallery": "val", "reference": "removed"})"));
  EXPECT_EQ(second.at("union_share"), 0);
  EXPECT_EQ(second.at("removes_reference"), true);
  EXPECT_LT(second.at("tasks").at("dress").at("gallery"),
            first.at("tasks").at("dress").at("gallery"));
}

TEST_F(EvalProtocol, IsRefusedWhereThereIsNoChoice) {
  const auto ran = eval({"cirr", "--root", golden("datasets/CIRR").string(),
                         "--caption-join", "comma"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.err, HasSubstr("--caption-join is for fashioniq"));
  EXPECT_EQ(eval({"cirr"}).exit_code, 2);  // no root
}

TEST_F(EvalProtocol, OfASetOfOnesOwnStandsInItsFile) {
  const auto root = folder_ / "FashionIQ";
  fs::copy(golden("datasets/FashionIQ"), root, fs::copy_options::recursive);
  std::ofstream(root / "dress.toml") << R"([set]
queries = "captions/cap.dress.val.json"
pictures = "images/{}.png"
gallery = "names.txt"
reference = "kept"
union_share = 0.1
[columns]
query = "candidate"
text = "captions"
)";
  std::ifstream names(root / "image_splits/split.dress.val.json");
  std::ofstream list(root / "names.txt");
  for (const auto& name : json::parse(names))
    list << name.get<std::string>() << '\n';
  list.close();
  const auto ran = eval({(root / "dress.toml").string(), "--json"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  const auto own = result();
  // The same questions are asked as of the field's set, and come out alike.
  ASSERT_EQ(eval({"fashioniq", "--root", root.string()}).exit_code, 0);
  const auto field = result().at("metrics");
  EXPECT_GT(own.at("metrics").at("dress/composed/n"), 0);
  for (const auto* metric : {"n", "R@1", "R@10", "R@50", "mAP"})
    EXPECT_EQ(own.at("metrics").at("dress/composed/" + std::string(metric)),
              field.at("dress/val/composed/" + std::string(metric)))
        << metric;
  const auto& settings = own.at("settings");
  EXPECT_EQ(settings.at("prompt"), "{} and {}");
  EXPECT_EQ(settings.at("removes_reference"), false);
  EXPECT_TRUE(settings.at("sha256").contains("dress.toml"));
}

}  // namespace
}  // namespace igrot::app
