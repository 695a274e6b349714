// The field's data sets, as their lists have them: the miniature ones of the
// goldens, and damaged ones.
#include "data/retrieval_set.h"

#include <gmock/gmock.h>

#include "tests/data/sample.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<RetrievalSet> read(std::string_view name, const fs::path& root,
                               std::string_view split = "val") {
  return read_retrieval_sets(find_retrieval_source(name), root, split);
}

/// Where each data set's miniature lies.
const std::map<std::string_view, std::string> folders{
    {"fashioniq", "FashionIQ"}, {"cirr", "CIRR"},
    {"circo", "CIRCO"},         {"lasco", "LaSCo"},
    {"dtin", "DTIN"},           {"sketchy", "Sketchy"},
    {"tuberlin", "TUBerlin"},   {"quickdraw", "QuickDraw"}};

TEST(RetrievalSets, NamePicturesThatAreThere) {
  for (const auto& source : retrieval_sources())
    for (const auto split : source.splits) {
      const auto sets =
          read(source.name, golden_sets() / folders.at(source.name), split);
      EXPECT_THAT(sets, testing::Not(IsEmpty()));
      for (const auto& set : sets) {
        EXPECT_EQ(set.split, split);
        EXPECT_THAT(set.gallery, testing::Not(IsEmpty()));
        for (const auto& file : set.gallery) EXPECT_TRUE(fs::exists(file));
        for (const auto& list : set.lists) EXPECT_TRUE(fs::exists(list));
        EXPECT_THAT(set.queries, testing::Not(IsEmpty()));
        for (const auto& query : set.queries) {
          EXPECT_TRUE(fs::exists(query.picture)) << query.picture;
          EXPECT_NE(query.relevant.empty(), set.judged);
          for (const auto row : query.relevant)
            EXPECT_LT(row, set.gallery.size());
        }
      }
    }
}

TEST(FashionIq, AsksThreeTypesWithTwoCaptionsEach) {
  const auto root = golden_sets() / "FashionIQ";
  const auto sets = read("fashioniq", root);
  ASSERT_THAT(sets, SizeIs(3));
  const auto& dress = sets[0];
  EXPECT_EQ(dress.part, "dress");
  EXPECT_EQ(sets[2].part, "toptee");
  EXPECT_EQ(dress.recipe, PictureRecipe());
  ASSERT_THAT(dress.gallery, SizeIs(32));
  EXPECT_EQ(dress.gallery[0], root / "images/B00139744Z.png");
  const auto& query = dress.queries.at(0);
  EXPECT_EQ(query.picture, root / "images/B00098007N.png");
  EXPECT_THAT(query.words, ElementsAre("shows two black rings on the left",
                                       "has a brown triangle"));
  EXPECT_THAT(query.relevant, ElementsAre(1));  // B00424966S
  EXPECT_EQ(dress.gallery.at(*query.own), query.picture);
}

TEST(Cirr, KnowsTheSubsetAndTheReference) {
  const auto root = golden_sets() / "CIRR";
  const auto sets = read("cirr", root);
  ASSERT_THAT(sets, SizeIs(1));
  const auto& set = sets[0];
  EXPECT_EQ(set.recipe, (PictureRecipe{.convert = Convert::first}));
  const auto& query = set.queries.at(0);
  EXPECT_EQ(query.id, "12060");
  EXPECT_EQ(query.picture, root / "dev/dev-102-0-img0.png");
  EXPECT_EQ(set.gallery.at(*query.own), query.picture);
  std::vector<std::string> members;
  for (const auto row : query.subset) members.push_back(set.names.at(row));
  EXPECT_THAT(members, ElementsAre("dev-104-1-img1", "dev-104-0-img0",
                                   "dev-111-0-img1", "dev-102-0-img0",
                                   "dev-102-0-img2", "dev-103-1-img0"));
  EXPECT_EQ(set.names.at(*query.relevant.begin()), "dev-111-0-img1");
  // As the list has it: not sorted.
  EXPECT_EQ(set.names.at(1), "dev-100-1-img1");
  EXPECT_EQ(set.names.at(2), "dev-100-0-img2");
}

TEST(Cirr, JudgesNoTest) {
  const auto set = read("cirr", golden_sets() / "CIRR", "test1").at(0);
  EXPECT_FALSE(set.judged);
  EXPECT_THAT(set.queries.at(0).relevant, IsEmpty());
  EXPECT_THAT(set.queries.at(0).subset, SizeIs(6));
}

TEST(Circo, KnowsEveryRightAnswerAndTheOneThatWasMeant) {
  const auto root = golden_sets() / "CIRCO";
  const auto set = read("circo", root).at(0);
  EXPECT_EQ(set.names.at(0), "427946");
  EXPECT_EQ(set.gallery.at(0),
            root / "COCO2017_unlabeled/unlabeled2017/000000427946.jpg");
  const auto& query = set.queries.at(0);
  EXPECT_EQ(query.id, "0");
  EXPECT_EQ(set.names.at(*query.own), "274281");
  EXPECT_THAT(query.words, ElementsAre("A drawing", "has a purple cross"));
  EXPECT_THAT(query.kinds, ElementsAre("color"));
  EXPECT_EQ(set.names.at(*query.target), "573351");
  std::vector<std::string> truths;
  for (const auto row : query.relevant) truths.push_back(set.names.at(row));
  EXPECT_THAT(truths, ElementsAre("573351", "575868", "297510"));
}

TEST(Dtin, AsksForEveryStyleInOneGallery) {
  const auto root = golden_sets() / "DTIN";
  const auto sets = read("dtin", root);
  ASSERT_THAT(sets, SizeIs(4));
  EXPECT_EQ(sets[3].part, "sculpture");
  const auto& query = sets[3].queries.at(0);
  EXPECT_THAT(query.words, ElementsAre("sculpture"));
  EXPECT_EQ(query.picture, root / "imgnet/real/n01440000/n01440000_0.JPEG");
  ASSERT_THAT(query.relevant, SizeIs(3));
  for (const auto row : query.relevant)
    EXPECT_THAT(sets[3].gallery.at(row).string(),
                HasSubstr("n01440000/sculpture_"));
}

TEST(ClassLists, MayHaveSpacesInTheirPaths) {
  const auto root = golden_sets() / "TUBerlin";
  const auto set = read("tuberlin", root).at(0);
  EXPECT_EQ(set.queries.at(0).picture,
            root / "png_ready/floor lamp/sk 0000.png");
  for (const auto row : set.queries.at(0).relevant)
    EXPECT_THAT(set.gallery.at(row).string(), HasSubstr("/floor lamp/"));
}

TEST(ClassLists, ShareTheAnswersOfAClass) {
  const auto set = read("quickdraw", golden_sets() / "QuickDraw").at(0);
  EXPECT_EQ(&set.queries.at(0).relevant.list(),
            &set.queries.at(1).relevant.list());
}

TEST(ClassLists, NameTheLineThatIsDamaged) {
  const TemporaryFolder folder;
  write_text(folder / "zeroshot/all_photo_zero.txt", "a b.jpg 1\r\n");
  const auto refused = [&](std::string_view line) {
    write_text(folder / "zeroshot/sketch_zero.txt",
               "s.png 2\n\n" + std::string(line));
    return refusal(ErrorKind::corrupt,
                   [&] { read("quickdraw", folder.path()); });
  };
  EXPECT_THAT(refused("lonely"),
              EndsWith("sketch_zero.txt: line 3: expected a path and a class"));
  EXPECT_THAT(refused("s.png -1"),
              EndsWith("line 3: the class '-1' is not a whole number"));
  EXPECT_THAT(refused("s.png 99999999999999999999"),
              HasSubstr("is not a whole number"));
  EXPECT_EQ(refused("s.png 1"), "");
  const auto set = read("quickdraw", folder.path()).at(0);
  EXPECT_EQ(set.gallery.at(0), folder / "a b.jpg");
  EXPECT_THAT(set.queries.at(0).relevant, IsEmpty());
  EXPECT_THAT(set.queries.at(1).relevant, ElementsAre(0));
}

/// A copy of the lists of a miniature, without pictures.
class Variants : public testing::Test {
 protected:
  void copy(const std::string& folder, const std::string& lists) {
    fs::create_directories(folder_ / lists);
    fs::copy(golden_sets() / folder / lists, folder_ / lists,
             fs::copy_options::recursive);
  }

  TemporaryFolder folder_;
};

TEST_F(Variants, OfCirrMayHaveTheNameThatTheReferenceReads) {
  copy("CIRR", "cirr");
  const auto captions = folder_ / "cirr/captions";
  fs::rename(captions / "cap.rc2.test1.json", captions / "cap.rc2.test12.json");
  EXPECT_THAT(read("cirr", folder_.path(), "test1").at(0).queries, SizeIs(16));
}

TEST_F(Variants, OfFashionIqMayHaveMoreFields) {
  copy("FashionIQ", "captions");
  copy("FashionIQ", "image_splits");
  for (const auto* type : {"dress", "shirt", "toptee"})
    fs::rename(
        folder_ / ("captions/cap." + std::string(type) + ".val.json"),
        folder_ / ("captions/cap." + std::string(type) + ".val_llava.json"));
  EXPECT_EQ(
      read("fashioniq", folder_.path()).at(0).queries.size(),
      read("fashioniq", golden_sets() / "FashionIQ").at(0).queries.size());
  fs::remove(folder_ / "captions/cap.shirt.val_llava.json");
  EXPECT_THAT(
      refusal(ErrorKind::not_found, [&] { read("fashioniq", folder_.path()); }),
      HasSubstr("cap.shirt.val.json"));
}

TEST_F(Variants, OfFashionIqMayHaveOtherPictures) {
  copy("FashionIQ", "captions");
  copy("FashionIQ", "image_splits");
  const auto dress = [&] { return read("fashioniq", folder_.path()).at(0); };
  const auto png = folder_ / "images/B00139744Z.png";
  EXPECT_EQ(dress().gallery[0], png);  // none is there
  write_text(folder_ / "images/B00139744Z.jpeg", "picture");
  write_text(folder_ / "images/B00098007N.jpg", "picture");
  write_text(folder_ / "images/B00098007N.txt", "words");
  EXPECT_EQ(dress().gallery[0], folder_ / "images/B00139744Z.jpeg");
  EXPECT_EQ(dress().queries.at(0).picture, folder_ / "images/B00098007N.jpg");
  write_text(png, "picture");
  EXPECT_EQ(dress().gallery[0], png);
}

TEST(Lasco, KnowsTheAskedPictureInItsGallery) {
  const auto set = read("lasco", golden_sets() / "LaSCo").at(0);
  for (const auto& query : set.queries)
    EXPECT_EQ(set.gallery.at(query.own.value()), query.picture);
}

TEST_F(Variants, ThatContradictThemselvesAreRefused) {
  copy("CIRR", "cirr");
  const auto file = folder_ / "cirr/captions/cap.rc2.val.json";
  const auto refused = [&](std::string_view entry) {
    write_text(file, "[" + std::string(entry) + "]");
    return refusal(ErrorKind::corrupt, [&] { read("cirr", folder_.path()); });
  };
  EXPECT_THAT(refused(R"({"pairid": 1, "caption": "", "reference": "nobody"})"),
              EndsWith("cap.rc2.val.json: entry 0: reference 'nobody' is not "
                       "in split.rc2.val.json"));
  const std::string start =
      R"({"pairid": 1, "caption": "", "reference": "dev-102-0-img0", )";
  EXPECT_THAT(refused(start + R"("img_set": {"members": ["x"]}})"),
              HasSubstr("member 'x' is not in"));
  EXPECT_THAT(refused(start + R"("img_set": {"members": [[]]}})"),
              EndsWith("'img_set/members' is not a list of names"));
  EXPECT_THAT(refused(start + R"("img_set": {"members": [1]}})"),
              EndsWith("'img_set/members' is not a list of texts"));
  EXPECT_THAT(refused(start + R"("img_set": {}})"),
              EndsWith("'img_set/members' is missing"));
  EXPECT_THAT(refused(start + R"("img_set": {"members": []}})"),
              EndsWith("'target_hard' is missing"));
}

TEST_F(Variants, OfCirrWhoseNamesAreNoTextsAreRefused) {
  copy("CIRR", "cirr");
  const auto file = folder_ / "cirr/image_splits/split.rc2.val.json";
  const auto refused = [&](std::string_view text) {
    write_text(file, text);
    return refusal(ErrorKind::corrupt, [&] { read("cirr", folder_.path()); });
  };
  EXPECT_THAT(refused(R"({"a": "a.png", "b": 1})"),
              EndsWith("split.rc2.val.json: entry 1: expected a text"));
  EXPECT_THAT(refused(R"({"a": ""})"), EndsWith("the path is not a path"));
  EXPECT_THAT(refused("3"), HasSubstr("expected a list"));
}

TEST_F(Variants, OfCircoNeedAListOfPictures) {
  copy("CIRCO", "annotations");
  const auto file =
      folder_ / "COCO2017_unlabeled/annotations/image_info_unlabeled2017.json";
  const auto refused = [&](std::string_view text) {
    write_text(file, text);
    return refusal(ErrorKind::corrupt, [&] { read("circo", folder_.path()); });
  };
  EXPECT_THAT(refused(R"({"info": {"images": [{"id": 1}]}})"),
              EndsWith("unlabeled2017.json: 'images' is missing"));
  EXPECT_THAT(refused(R"([{"id": 1}])"), EndsWith("expected an object"));
  EXPECT_THAT(refused(R"({"x": [{}], "images": [{"id": 1}, {"id": "y"}]})"),
              EndsWith("entry 1: 'id' is not a whole number"));
  EXPECT_THAT(refused(R"({"licenses": [1], "images": [{"id": 1}]})"),
              EndsWith("val.json: entry 0: reference '274281' is not in "
                       "image_info_unlabeled2017.json"));
  EXPECT_THAT(refused("{\"images\": " + std::string(1'000'000, '[')),
              HasSubstr("nests deeper than 100"));
}

TEST(RetrievalSources, AreListedWhereANameIsUnknown) {
  EXPECT_THAT(refusal(ErrorKind::usage, [] { find_retrieval_source("cir"); }),
              HasSubstr("fashioniq, cirr, circo"));
}

}  // namespace
}  // namespace igrot
