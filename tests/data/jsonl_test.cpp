#include <gmock/gmock.h>

#include "data/training_set.h"
#include "data/validation_set.h"
#include "tests/data/sample.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;

using testing::ElementsAre;

TEST(Triplets, ArePathsFromTheFolderOfTheFile) {
  const TemporaryFolder folder;
  write_text(folder / "mine.jsonl",
             "{\"reference\": \"a b.jpg\", \"text\": \"at night\", "
             "\"target\": \"/else/c.png\"}\r\n"
             "\n \t\n"
             R"({"target": "d.jpg", "text": "", "reference": "sub/e.jpg",)"
             R"( "more": [1, {}]})");
  const auto set = read_triplets(folder / "mine.jsonl");
  EXPECT_EQ(set.name, "mine.jsonl");
  EXPECT_EQ(set.recipe, PictureRecipe());
  ASSERT_EQ(set.triplets.size(), 2U);
  EXPECT_EQ(set.triplets[0].reference, folder / "a b.jpg");
  EXPECT_EQ(set.triplets[0].text, "at night");
  EXPECT_EQ(set.triplets[0].target, "/else/c.png");
  EXPECT_EQ(set.triplets[1].reference, folder / "sub/e.jpg");
  EXPECT_EQ(set.triplets[1].text, "");
}

TEST(Triplets, ArePathsFromTheRootWhenThereIsOne) {
  const TemporaryFolder folder;
  write_text(folder / "mine.jsonl",
             R"({"reference": "a.jpg", "text": "", "target": "b.jpg"})");
  const auto set = read_triplets(folder / "mine.jsonl", "/pictures");
  EXPECT_EQ(set.triplets.at(0).reference, "/pictures/a.jpg");
}

TEST(Captions, MayHaveAnotherDrawing) {
  const TemporaryFolder folder;
  write_text(folder / "mine.jsonl",
             "{\"image\": \"a.jpg\", \"text\": \"a cat\"}\n"
             "{\"image\": \"b.jpg\", \"text\": \"\", \"other\": \"c.png\"}\n");
  const auto set = read_captions(folder / "mine.jsonl");
  ASSERT_EQ(set.samples.size(), 2U);
  EXPECT_EQ(set.samples[0].image, folder / "a.jpg");
  EXPECT_EQ(set.samples[0].text, "a cat");
  EXPECT_EQ(set.samples[0].other, std::nullopt);
  EXPECT_EQ(set.samples[1].other, folder / "c.png");
}

TEST(ValidationTriplets, AskAGalleryOfEveryDifferentPicture) {
  const TemporaryFolder folder;
  write_text(folder / "mine.jsonl",
             "{\"reference\": \"a\", \"text\": \"1\", \"target\": \"b\"}\n"
             "{\"reference\": \"./b\", \"text\": \"2\", \"target\": \"c\"}\n"
             "{\"reference\": \"d\", \"text\": \"3\", \"target\": \"a\"}\n");
  const auto set = read_validation_triplets(folder / "mine.jsonl");
  EXPECT_THAT(set.gallery, ElementsAre(folder / "a", folder / "b", folder / "c",
                                       folder / "d"));
  ASSERT_EQ(set.queries.size(), 3U);
  EXPECT_EQ(set.queries[0].target, 1U);
  EXPECT_EQ(set.queries[1].target, 2U);
  EXPECT_EQ(set.queries[2].target, 0U);
  EXPECT_EQ(set.queries[2].reference, folder / "d");
  EXPECT_EQ(set.queries[2].text, "3");
}

}  // namespace
}  // namespace igrot
