#include "igrot/gallery.h"

#include <unistd.h>

#include <fstream>
#include <limits>
#include <thread>

#include "tests/gallery/sample.h"

namespace igrot {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Gallery, FindsWhatWasAppended) {
  const TemporaryFolder folder;
  auto gallery = Gallery::create_or_open(folder / ".igrot", sample_model());
  append_sample(gallery, folder / "a.jpg", 1);
  append_sample(gallery, folder / "b.jpg", 2);
  const auto hits = search_sample(gallery, 2);
  ASSERT_EQ(hits.size(), 2U);
  EXPECT_EQ(hits[0].path, std::filesystem::canonical(folder.path()) / "b.jpg");
  EXPECT_EQ(hits[0].id, 2);
  EXPECT_NEAR(hits[0].score, 1, 1e-6);
  EXPECT_LT(hits[1].score, hits[0].score);
}

TEST(Gallery, KeepsWhatIsKnownOfAFile) {
  const TemporaryFolder folder;
  {
    auto gallery = Gallery::create_or_open(folder / "g", sample_model());
    append_sample(gallery, folder / "a.jpg", 1);
    const auto bad = skipped_item(folder / "bad.jpg", 2,
                                  {ErrorKind::unsupported, "no decoder"});
    gallery.append({&bad, 1});
  }
  const auto gallery = Gallery::open(folder / "g", Access::read);
  EXPECT_EQ(gallery.model().fingerprint, "model-a/sum");
  EXPECT_EQ(gallery.model().path, "/models/a.pth");
  EXPECT_EQ(gallery.model().description, R"({"target": "sum"})");
  const auto item = gallery.item(1);
  EXPECT_EQ(item.file.size_bytes, 1001U);
  EXPECT_EQ(item.file.modified_ns, 7'000'000'001);
  EXPECT_EQ(item.content_hash, "hash-1");
  EXPECT_EQ(item.precision, "f32");
  EXPECT_EQ(item.decoding, "exact");
  EXPECT_FALSE(item.skip);
  const auto skipped = gallery.items(0, 10, ItemKind::skipped);
  ASSERT_EQ(skipped.size(), 1U);
  EXPECT_EQ(skipped[0].skip->kind, ErrorKind::unsupported);
  EXPECT_EQ(skipped[0].skip->reason, "no decoder");
  EXPECT_EQ(gallery.counts().indexed, 1U);
  EXPECT_EQ(gallery.counts().skipped, 1U);
  EXPECT_EQ(gallery.find(folder / "a.jpg")->id, 1);
  EXPECT_FALSE(gallery.find(folder / "z.jpg"));
  EXPECT_EQ(error_of([&] { gallery.item(9); }).kind(), ErrorKind::not_found);
}

TEST(Gallery, ListsItemsPageByPage) {
  const TemporaryFolder folder;
  auto gallery = Gallery::create_or_open(folder / "g", sample_model());
  for (unsigned i = 1; i <= 5; ++i)
    append_sample(gallery, folder / std::to_string(i), i);
  const auto first = gallery.items(0, 2);
  const auto second = gallery.items(first.back().id, 9);
  ASSERT_EQ(first.size(), 2U);
  ASSERT_EQ(second.size(), 3U);
  EXPECT_EQ(second[0].file.path.filename(), "3");
}

TEST(Gallery, ReplacesAFileThatIsAppendedAgain) {
  const TemporaryFolder folder;
  auto gallery = Gallery::create_or_open(folder / "g", sample_model());
  append_sample(gallery, folder / "a", 1);
  append_sample(gallery, folder / "b", 2);
  append_sample(gallery, folder / "a", 3);
  EXPECT_EQ(gallery.counts().indexed, 2U);
  EXPECT_EQ(gallery.counts().dead_rows, 1U);
  EXPECT_THAT(file_names(search_sample(gallery, 3)), ElementsAre("a", "b"));
  EXPECT_EQ(search_sample(gallery, 3)[0].id, 3);
}

TEST(Gallery, KeepsInsertionOrderAmongEqualScores) {
  const TemporaryFolder folder;
  auto gallery = Gallery::create_or_open(folder / "g", sample_model());
  for (const auto* name : {"z", "y", "x"})
    append_sample(gallery, folder / name, 5);
  append_sample(gallery, folder / "z", 5);
  EXPECT_THAT(file_names(search_sample(gallery, 5)),
              ElementsAre("y", "x", "z"));
}

TEST(Gallery, RemovesItems) {
  const TemporaryFolder folder;
  auto gallery = Gallery::create_or_open(folder / "g", sample_model());
  append_sample(gallery, folder / "a", 1);
  append_sample(gallery, folder / "b", 2);
  const std::vector<std::int64_t> ids{1, 77};
  EXPECT_EQ(gallery.remove(ids), 1U);
  EXPECT_THAT(file_names(search_sample(gallery, 1)), ElementsAre("b"));
  EXPECT_TRUE(gallery.check().problems.empty());
}

TEST(Gallery, NeverGivesAnIdTwice) {
  const TemporaryFolder folder;
  auto gallery = Gallery::create_or_open(folder / "g", sample_model());
  append_sample(gallery, folder / "a", 1);
  const std::vector<std::int64_t> ids{1};
  gallery.remove(ids);
  append_sample(gallery, folder / "b", 2);
  EXPECT_EQ(gallery.items(0, 9)[0].id, 2);
}

TEST(Gallery, RefusesVectorsOfAnotherModel) {
  const TemporaryFolder folder;
  { Gallery::create_or_open(folder / "g", sample_model()); }
  auto other = sample_model();
  other.fingerprint = "model-b/sum";
  other.path = "/models/b.pth";
  const auto error =
      error_of([&] { Gallery::create_or_open(folder / "g", other); });
  EXPECT_EQ(error.kind(), ErrorKind::usage);
  for (const auto* part :
       {"/models/a.pth", "model-a", "/models/b.pth", "model-b"})
    EXPECT_THAT(error.what(), HasSubstr(part));
  const auto gallery = Gallery::open(folder / "g", Access::read);
  EXPECT_THROW(gallery.require(other), Error);
  gallery.require(sample_model());
}

TEST(Gallery, RemembersWhereItsModelIsNow) {
  const TemporaryFolder folder;
  { Gallery::create_or_open(folder / "g", sample_model()); }
  auto moved = sample_model();
  moved.path = "/elsewhere/a.pth";
  { Gallery::create_or_open(folder / "g", moved); }
  EXPECT_EQ(Gallery::open(folder / "g", Access::read).model().path,
            "/elsewhere/a.pth");
}

TEST(Gallery, RefusesVectorsThatAreNotUnitRowsOfItsWidth) {
  const TemporaryFolder folder;
  auto gallery = Gallery::create_or_open(folder / "g", sample_model());
  auto longer = sample_vector(1);
  longer[0] += 1;
  auto odd = sample_vector(1);
  odd[3] = std::numeric_limits<float>::quiet_NaN();
  for (const auto& vector : {longer, odd, sample_vector(1, 7), {}}) {
    const auto item = sample_item(folder / "a", 1, vector);
    EXPECT_EQ(error_of([&] {
                gallery.append({&item, 1});
              }).kind(),
              ErrorKind::usage);
  }
  const auto good = sample_vector(1);
  const std::vector twice{sample_item(folder / "a", 1, good),
                          sample_item(folder / "." / "a", 1, good)};
  EXPECT_EQ(error_of([&] { gallery.append(twice); }).kind(), ErrorKind::usage);
  EXPECT_EQ(gallery.counts().indexed, 0U);
  EXPECT_TRUE(gallery.check().problems.empty());
}

TEST(Gallery, RefusesWidthsOutOfRange) {
  const TemporaryFolder folder;
  for (const std::size_t width : {std::size_t{0}, std::size_t{65537}})
    EXPECT_EQ(error_of([&] {
                Gallery::create_or_open(folder / "g", sample_model(width));
              }).kind(),
              ErrorKind::usage);
}

TEST(Gallery, SaysWhereThereIsNone) {
  const TemporaryFolder folder;
  for (const auto access : {Access::read, Access::write}) {
    EXPECT_EQ(error_of([&] { Gallery::open(folder / "no", access); }).kind(),
              ErrorKind::not_found);
    EXPECT_EQ(error_of([&] { Gallery::open(folder.path(), access); }).kind(),
              ErrorKind::not_found);
  }
  EXPECT_EQ(folder.entry_count(), 0U);
}

TEST(Gallery, RefusesASecondWriterAndNamesTheFirst) {
  const TemporaryFolder folder;
  const auto first = Gallery::create_or_open(folder / "g", sample_model());
  const auto error =
      error_of([&] { Gallery::create_or_open(folder / "g", sample_model()); });
  EXPECT_EQ(error.kind(), ErrorKind::io);
  EXPECT_THAT(error.what(), HasSubstr("process " + std::to_string(::getpid())));
}

TEST(Gallery, RefusesToWriteWhenOpenedForReading) {
  const TemporaryFolder folder;
  { Gallery::create_or_open(folder / "g", sample_model()); }
  auto gallery = Gallery::open(folder / "g", Access::read);
  EXPECT_EQ(error_of([&] { append_sample(gallery, "/a", 1); }).kind(),
            ErrorKind::usage);
  EXPECT_EQ(error_of([&] { gallery.compact(); }).kind(), ErrorKind::usage);
}

TEST(Gallery, ShowsReadersEveryCommit) {
  const TemporaryFolder folder;
  auto writer = Gallery::create_or_open(folder / "g", sample_model());
  const auto reader = Gallery::open(folder / "g", Access::read);
  EXPECT_TRUE(search_sample(reader, 1).empty());
  append_sample(writer, folder / "a", 1);
  EXPECT_EQ(search_sample(reader, 1).size(), 1U);
  append_sample(writer, folder / "a", 2);
  EXPECT_EQ(search_sample(reader, 2)[0].id, 2);
  writer.compact();
  EXPECT_EQ(search_sample(reader, 2).size(), 1U);
}

TEST(Gallery, HoldsASnapshotStill) {
  const TemporaryFolder folder;
  auto gallery = Gallery::create_or_open(folder / "g", sample_model());
  append_sample(gallery, folder / "a", 1);
  append_sample(gallery, folder / "b", 2);
  const auto snapshot = gallery.snapshot();
  append_sample(gallery, folder / "a", 3);
  gallery.compact();
  std::vector<std::vector<float>> vectors;
  snapshot.each(ItemKind::all, [&](const Item&, std::span<const float> row) {
    vectors.emplace_back(row.begin(), row.end());
  });
  EXPECT_THAT(vectors, ElementsAre(sample_vector(1), sample_vector(2)));
  EXPECT_EQ(snapshot.counts().dead_rows, 0U);
}

TEST(Gallery, DropsDeadRowsAndKeepsIds) {
  const TemporaryFolder folder;
  auto gallery = Gallery::create_or_open(folder / "g", sample_model());
  for (unsigned i = 1; i <= 9; ++i)
    append_sample(gallery, folder / std::to_string(i), i);
  const std::vector<std::int64_t> ids{1, 4, 5, 9};
  gallery.remove(ids);
  const auto before = search_sample(gallery, 3);
  EXPECT_EQ(gallery.compact(), 4U);
  EXPECT_EQ(gallery.compact(), 0U);
  const auto after = search_sample(gallery, 3);
  ASSERT_EQ(after.size(), 5U);
  for (std::size_t i = 0; i < after.size(); ++i) {
    EXPECT_EQ(after[i].id, before[i].id);
    EXPECT_EQ(after[i].score, before[i].score);
  }
  EXPECT_TRUE(gallery.check().problems.empty());
  EXPECT_EQ(std::filesystem::file_size(folder / "g" / "vectors.1.bin"),
            5U * 8 * sizeof(float));
  EXPECT_FALSE(std::filesystem::exists(folder / "g" / "vectors.bin"));
  append_sample(gallery, folder / "new", 77);
  EXPECT_EQ(search_sample(gallery, 77)[0].id, 10);
  EXPECT_TRUE(gallery.check().problems.empty());
}

TEST(Gallery, MovesTogetherWithTheFolderItLiesIn) {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder / "old/sub");
  {
    auto gallery =
        Gallery::create_or_open(folder / "old/.igrot", sample_model());
    append_sample(gallery, folder / "old/sub/a.jpg", 1);
    append_sample(gallery, "/elsewhere/b.jpg", 2);
  }
  std::filesystem::rename(folder / "old", folder / "new");
  const auto gallery = Gallery::open(folder / "new/.igrot", Access::read);
  EXPECT_EQ(gallery.item(1).file.path,
            std::filesystem::canonical(folder.path()) / "new/sub/a.jpg");
  EXPECT_EQ(gallery.item(2).file.path, "/elsewhere/b.jpg");
}

TEST(Gallery, MovesTogetherWithABaseFurtherUp) {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder / "old/deep/er");
  {
    auto gallery = Gallery::create_or_open(folder / "old/deep/er/g",
                                           sample_model(), {}, folder / "old");
    append_sample(gallery, folder / "old/a.jpg", 1);
  }
  std::filesystem::rename(folder / "old", folder / "new");
  EXPECT_EQ(
      Gallery::open(folder / "new/deep/er/g", Access::read).item(1).file.path,
      std::filesystem::canonical(folder.path()) / "new/a.jpg");
}

TEST(Gallery, KeepsFileNamesThatAreNotText) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "caf\xE9 \xFF\xFE'\n.jpg";
  {
    auto gallery = Gallery::create_or_open(folder / "g", sample_model());
    append_sample(gallery, path, 1);
  }
  const auto gallery = Gallery::open(folder / "g", Access::read);
  EXPECT_EQ(gallery.item(1).file.path.filename(), path.filename());
  EXPECT_TRUE(gallery.find(path));
  EXPECT_TRUE(gallery.check().problems.empty());
}

TEST(Gallery, KnowsAFileByAnyPathToIt) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "real");
  std::filesystem::create_symlink(folder / "real", folder / "link");
  auto gallery = Gallery::create_or_open(folder / "g", sample_model());
  append_sample(gallery, folder / "link/a", 1);
  append_sample(gallery, folder / "real/../real/a", 2);
  EXPECT_EQ(gallery.counts().indexed, 1U);
}

TEST(Gallery, AnswersManyThreadsWhileItGrows) {
  const TemporaryFolder folder;
  auto gallery = Gallery::create_or_open(folder / "g", sample_model());
  append_sample(gallery, folder / "first", 1);
  std::vector<std::jthread> readers;
  std::atomic<int> wrong = 0;
  for (int t = 0; t < 3; ++t)
    readers.emplace_back([&](const std::stop_token& stop) {
      while (!stop.stop_requested())
        if (search_sample(gallery, 1).at(0).path.filename() != "first") ++wrong;
    });
  for (unsigned i = 2; i < 40; ++i) {
    append_sample(gallery, folder / "changing", i);
    if (i % 10 == 0) gallery.compact();
  }
  readers.clear();
  EXPECT_EQ(wrong, 0);
}

TEST(Gallery, LeavesStrangersFilesAlone) {
  const TemporaryFolder folder;
  std::ofstream(folder / "vectors.bin") << "somebody's";
  EXPECT_EQ(error_of([&] {
              Gallery::create_or_open(folder.path(), sample_model());
            }).kind(),
            ErrorKind::usage);
  EXPECT_EQ(std::filesystem::file_size(folder / "vectors.bin"), 10U);
}

}  // namespace
}  // namespace igrot
