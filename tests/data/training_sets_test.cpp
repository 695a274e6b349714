#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "data/training_set.h"
#include "formats/npy.h"
#include "tests/data/sample.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;

using testing::ElementsAre;
using testing::Field;

/// A training set and what the reference makes of it.
struct View {
  std::string golden;
  std::string name;
  std::string folder;
  bool llava = false;
};

std::ostream& operator<<(std::ostream& out, const View& view) {
  return out << view.golden;
}

class TrainingViews : public testing::TestWithParam<View> {
 protected:
  TripletSet read() const {
    const auto& view = GetParam();
    return read_training_set(view.name, golden_sets() / view.folder,
                             view.llava);
  }

  fs::path expected(const std::string& file) const {
    return golden_sets() / "expected" / "train_views" / file;
  }

  /// The first pixels are those of the reference. They are stored as float16:
  /// half a unit of it is 2^-11 of a value, and 3e-8 near zero; the rest is
  /// float32's rounding.
  void expect_pixels(const std::string& part, const PictureRecipe& recipe,
                     const std::function<fs::path(std::size_t)>& file) const {
    const auto pixels =
        read_npy_f32(expected(GetParam().golden + "." + part + ".npy"));
    const auto size = pixels.size() / pixels.shape()[0];
    ASSERT_EQ(size, 3U * 64 * 64);
    for (std::size_t i = 0; i < pixels.shape()[0]; ++i) {
      const auto found = read_pixels(file(i), {.side = 64}, recipe);
      ASSERT_EQ(found.shape(), Shape({3, 64, 64}));
      for (std::size_t j = 0; j < size; ++j)
        ASSERT_NEAR(found.values()[j], pixels.values()[i * size + j],
                    std::abs(found.values()[j]) * 0x1.01p-11 + 1e-6)
            << part << " " << i << ", number " << j;
    }
  }
};

TEST_P(TrainingViews, HoldTheTextsOfTheReference) {
  std::ifstream file(expected("texts.json"));
  const auto texts = nlohmann::json::parse(file)[GetParam().golden];
  const auto set = read();
  ASSERT_EQ(set.triplets.size(), texts["length"]);
  for (std::size_t i = 0; i < texts["texts"].size(); ++i)
    EXPECT_EQ(set.triplets[i].text, texts["texts"][i]);
}

TEST_P(TrainingViews, HoldThePixelsOfTheReference) {
  const auto set = read();
  expect_pixels("reference", set.recipe,
                [&](std::size_t i) { return set.triplets[i].reference; });
  expect_pixels("target", set.recipe,
                [&](std::size_t i) { return set.triplets[i].target; });
}

INSTANTIATE_TEST_SUITE_P(
    Reference, TrainingViews,
    testing::Values(View{"lasco_with_llava", "llavasco", "LaSCo", true},
                    View{"lasco_without_llava", "llavasco", "LaSCo", false},
                    View{"laion_combined", "laion-combined", "LAION-CIR"},
                    View{"sketchy_train", "sketchy", "Sketchy"}),
    testing::PrintToStringParamName());

testing::Matcher<Triplet> triplet(const fs::path& reference,
                                  const std::string& text,
                                  const fs::path& target) {
  return testing::AllOf(Field(&Triplet::reference, reference),
                        Field(&Triplet::text, text),
                        Field(&Triplet::target, target));
}

TEST(TrainingSets, ReadLaionsListOfTemplates) {
  const auto root = golden_sets() / "LAION-CIR";
  const auto set = read_training_set("laion-template", root, false);
  ASSERT_EQ(set.triplets.size(), 8U);
  EXPECT_THAT(set.triplets[6],
              triplet(root / "images/0002877.png", "is green instead of orange",
                      root / "images/0000000.png"));
}

TEST(TrainingSets, ReadLaionsObjectInTheOrderOfTheFile) {
  const auto root = golden_sets() / "LAION-CIR";
  const auto set = read_training_set("laion-llm", root, false);
  ASSERT_EQ(set.triplets.size(), 11U);
  EXPECT_THAT(set.triplets[0], triplet(root / "images/0002329.png",
                                       "has no circle but a blue background",
                                       root / "images/0002603.png"));
  EXPECT_THAT(set.triplets[5], triplet(root / "images/0001507.png",
                                       "the cross is bigger, and purple",
                                       root / "images/0000000.png"));
}

TEST(TrainingSets, TakeLaionsPicturesFromTheRootWithoutAFolderOfImages) {
  const TemporaryFolder folder;
  write_text(folder / "laion_template_info.json",
             R"({"12": {"tgt_image_id": "12345678", "relative_cap": "red"}})");
  const auto set = read_training_set("laion-template", folder.path(), false);
  EXPECT_THAT(set.triplets, ElementsAre(triplet(folder / "0000012.png", "red",
                                                folder / "12345678.png")));
}

TEST(TrainingSets, GiveAbsolutePathsForARelativeRoot) {
  const auto root = fs::relative(golden_sets() / "Sketchy");
  for (const auto& triplet :
       read_training_set("sketchy", root, false).triplets) {
    EXPECT_TRUE(triplet.reference.is_absolute());
    EXPECT_TRUE(triplet.target.is_absolute());
  }
}

TEST(TrainingSets, TakeEvery70thOfTheFirst350000) {
  const TemporaryFolder folder;
  std::string list = "[";
  for (int i = 0; i <= 350'000; ++i) {
    const auto id = std::to_string(i);
    // What is passed over may be anything, and what is not needed may lack.
    list += i % 70 != 0 ? "7,"
                        : R"({"reference_image_id": )" + id +
                              R"(, "target_image_id": "1)" + id +
                              R"(", "relative_caption": ""},)";
  }
  list.back() = ']';
  write_text(folder / "train_llavasco.json", list);
  const auto set = read_training_set("llavasco", folder.path(), false);
  ASSERT_EQ(set.triplets.size(), 5000U);
  EXPECT_THAT(set.triplets.back(),
              triplet(folder / "train2014/COCO_train2014_000000349930.jpg", "",
                      folder / "train2014/COCO_train2014_000001349930.jpg"));
}

TEST(TrainingSets, ThatAreUnknownAreRefusedWithTheKnownNames) {
  const auto message = refusal(
      ErrorKind::usage, [] { read_training_set("cirr", "/nowhere", false); });
  for (const auto& row : training_sets())
    EXPECT_THAT(message, testing::HasSubstr(std::string(row.name)));
}

}  // namespace
}  // namespace igrot
