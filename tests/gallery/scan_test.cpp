#include <map>

#include "tests/gallery/sample.h"

namespace igrot {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

/// Folders of made-up files, and the gallery that indexes them. A file's
/// content is a number, its vector the sample of that number.
class Scanning : public testing::Test {
 protected:
  struct File {
    unsigned content = 0;
    std::int64_t modified_ns = 0;
    std::uint64_t size_bytes = 100;
    bool readable = true;
  };

  /// Walks every folder named, and indexes what is wanted.
  ScanCounts index(const std::vector<std::string>& walked = {"pictures"}) {
    auto scan = gallery_.begin_scan();
    for (const auto& [name, file] : files_)
      scan.see({folder_ / name, file.size_bytes, file.modified_ns});
    for (const auto& name : walked) scan.walked(folder_ / name);
    hashed_.clear();
    const auto counts = scan.finish(
        [&](const std::filesystem::path& path) { return hash(path); });
    wanted_.clear();
    for (;;) {
      const auto batch = scan.next(2);
      if (batch.empty()) return counts;
      for (const auto& file : batch) append(file);
    }
  }

  std::vector<std::string> indexed() const {
    std::vector<std::string> names;
    for (const auto& item : gallery_.items(0, 1000, ItemKind::indexed))
      names.push_back(relative(item.file.path));
    return names;
  }

  TemporaryFolder folder_;
  Gallery gallery_ = Gallery::create_or_open(folder_ / "g", sample_model());
  std::map<std::string, File> files_;
  std::vector<std::string> hashed_;
  std::vector<std::string> wanted_;

 private:
  std::string relative(const std::filesystem::path& path) const {
    return path.lexically_relative(std::filesystem::canonical(folder_.path()))
        .string();
  }

  std::optional<std::string> hash(const std::filesystem::path& path) {
    hashed_.push_back(relative(path));
    const auto& file = files_.at(relative(path));
    if (!file.readable) return std::nullopt;
    return std::to_string(file.content);
  }

  void append(const WantedFile& wanted) {
    const auto name = relative(wanted.file.path);
    wanted_.push_back(name);
    const auto& file = files_.at(name);
    const auto vector = sample_vector(file.content);
    NewItem item{.file = wanted.file,
                 .content_hash = std::to_string(file.content),
                 .vector = vector,
                 .skip = {},
                 .precision = "f32",
                 .decoding = "exact"};
    if (!file.readable) {
      item.content_hash.clear();
      item.vector = {};
      item.skip = Skip{ErrorKind::io, "permission denied"};
    } else if (file.content == 666) {
      item.vector = {};
      item.skip = Skip{ErrorKind::corrupt, "not a picture"};
    }
    gallery_.append({&item, 1});
  }
};

TEST_F(Scanning, FindsNewFilesInTheOrderSeen) {
  files_ = {{"pictures/a", {1, 10}},
            {"pictures/b", {2, 10}},
            {"pictures/sub/c", {3, 10}}};
  const auto counts = index();
  EXPECT_EQ(counts.added, 3U);
  EXPECT_THAT(wanted_,
              ElementsAre("pictures/a", "pictures/b", "pictures/sub/c"));
  EXPECT_THAT(hashed_, IsEmpty());
}

TEST_F(Scanning, LeavesUnchangedFilesAlone) {
  files_ = {{"pictures/a", {1, 10}}, {"pictures/b", {2, 10}}};
  index();
  const auto counts = index();
  EXPECT_EQ(counts.unchanged, 2U);
  EXPECT_EQ(counts.added + counts.changed + counts.deleted, 0U);
  EXPECT_THAT(wanted_, IsEmpty());
  EXPECT_THAT(hashed_, IsEmpty());
}

TEST_F(Scanning, FindsChangedFilesBySizeOrContent) {
  files_ = {{"pictures/a", {1, 10}}, {"pictures/b", {2, 10}}};
  index();
  files_["pictures/a"] = {11, 10, 101};
  files_["pictures/b"] = {12, 20, 100};
  EXPECT_EQ(index().changed, 2U);
  EXPECT_THAT(hashed_, ElementsAre("pictures/b"));
  EXPECT_THAT(file_names(search_sample(gallery_, 12, 1)), ElementsAre("b"));
  EXPECT_NEAR(search_sample(gallery_, 11, 1)[0].score, 1, 1e-6);
}

TEST_F(Scanning, TakesATouchedFileForUnchanged) {
  files_ = {{"pictures/a", {1, 10}}};
  index();
  files_["pictures/a"].modified_ns = 20;
  EXPECT_EQ(index().unchanged, 1U);
  EXPECT_THAT(wanted_, IsEmpty());
  EXPECT_EQ(gallery_.item(1).file.modified_ns, 20);
  index();
  EXPECT_THAT(hashed_, IsEmpty());
  EXPECT_TRUE(gallery_.check().problems.empty());
}

TEST_F(Scanning, FollowsMovedFilesByTheirContent) {
  files_ = {{"pictures/a", {1, 10}}, {"pictures/b", {2, 10}}};
  index();
  files_ = {{"pictures/b", {2, 10}},
            {"pictures/sub/z", {1, 30}},
            {"pictures/new", {3, 10}}};
  const auto counts = index();
  EXPECT_EQ(counts.moved, 1U);
  EXPECT_EQ(counts.added, 1U);
  EXPECT_EQ(counts.deleted, 0U);
  EXPECT_THAT(wanted_, ElementsAre("pictures/new"));
  EXPECT_EQ(gallery_.item(1).file.path.filename(), "z");
  EXPECT_EQ(gallery_.item(1).file.modified_ns, 30);
  EXPECT_TRUE(gallery_.check().problems.empty());
}

TEST_F(Scanning, GivesEachOfTwoCopiesAPlaceOfItsOwn) {
  files_ = {{"pictures/a", {1, 10}}, {"pictures/b", {1, 10}}};
  index();
  files_ = {{"pictures/c", {1, 10}},
            {"pictures/d", {1, 10}},
            {"pictures/e", {1, 10}}};
  const auto counts = index();
  EXPECT_EQ(counts.moved, 2U);
  EXPECT_EQ(counts.added, 1U);
  EXPECT_THAT(indexed(), ElementsAre("pictures/c", "pictures/d", "pictures/e"));
}

TEST_F(Scanning, TakesACopyForANewFile) {
  files_ = {{"pictures/a", {1, 10}}};
  index();
  files_["pictures/copy"] = {1, 10};
  const auto counts = index();
  EXPECT_EQ(counts.added, 1U);
  EXPECT_EQ(counts.moved, 0U);
}

TEST_F(Scanning, DeletesWhatIsGone) {
  files_ = {{"pictures/a", {1, 10}}, {"pictures/b", {2, 10}}};
  index();
  files_.erase("pictures/a");
  EXPECT_EQ(index().deleted, 1U);
  EXPECT_THAT(indexed(), ElementsAre("pictures/b"));
  EXPECT_EQ(gallery_.counts().dead_rows, 1U);
  EXPECT_TRUE(gallery_.check().problems.empty());
}

TEST_F(Scanning, DeletesOnlyBelowFoldersThatWereWalked) {
  files_ = {{"pictures/a", {1, 10}},
            {"pictures2/b", {2, 10}},
            {"pictures/sub/c", {3, 10}}};
  index();
  files_.clear();
  EXPECT_EQ(index({}).deleted, 0U);
  EXPECT_EQ(index({"pictures/sub"}).deleted, 1U);
  EXPECT_EQ(index({"pictures"}).deleted, 1U);
  EXPECT_THAT(indexed(), ElementsAre("pictures2/b"));
  EXPECT_EQ(index({".."}).deleted, 1U);
}

TEST_F(Scanning, DeletesOutsideTheBaseToo) {
  const TemporaryFolder elsewhere;
  append_sample(gallery_, elsewhere / "a", 1);
  append_sample(gallery_, folder_ / "b", 2);
  auto scan = gallery_.begin_scan();
  scan.walked(elsewhere.path());
  EXPECT_EQ(scan.finish([](const auto&) { return "?"; }).deleted, 1U);
  EXPECT_THAT(indexed(), ElementsAre("b"));
}

TEST_F(Scanning, KeepsWhatLiesInAFolderThatCouldNotBeListed) {
  files_ = {{"pictures/a", {1, 10}}, {"pictures/locked/b", {2, 10}}};
  index();
  auto scan = gallery_.begin_scan();
  scan.walked(folder_ / "pictures");
  scan.unreadable(folder_ / "pictures/locked");
  EXPECT_EQ(scan.finish([](const auto&) { return "?"; }).deleted, 1U);
  EXPECT_THAT(indexed(), ElementsAre("pictures/locked/b"));
}

TEST_F(Scanning, ChangesNothingUnlessFinished) {
  files_ = {{"pictures/a", {1, 10}}};
  index();
  {
    auto scan = gallery_.begin_scan();
    scan.walked(folder_ / "pictures");
  }
  EXPECT_EQ(gallery_.counts().indexed, 1U);
}

TEST_F(Scanning, TriesASkippedFileAgainOnlyWhenItChanged) {
  files_ = {{"pictures/bad", {666, 10}}};
  index();
  EXPECT_EQ(gallery_.counts().skipped, 1U);
  EXPECT_EQ(index().unchanged, 1U);
  EXPECT_THAT(wanted_, IsEmpty());
  files_["pictures/bad"] = {5, 20};
  EXPECT_EQ(index().changed, 1U);
  EXPECT_EQ(gallery_.counts().skipped, 0U);
  EXPECT_THAT(indexed(), ElementsAre("pictures/bad"));
}

TEST_F(Scanning, TriesAFileAgainThatCouldNotBeRead) {
  files_ = {
      {"pictures/a", {.content = 1, .modified_ns = 10, .readable = false}}};
  index();
  EXPECT_EQ(gallery_.counts().skipped, 1U);
  files_["pictures/a"].readable = true;
  EXPECT_EQ(index().retried, 1U);
  EXPECT_EQ(gallery_.counts().indexed, 1U);
}

TEST_F(Scanning, ResumesWhereAnInterruptedRunStopped) {
  files_ = {{"pictures/a", {1, 10}}, {"pictures/b", {2, 10}}};
  auto scan = gallery_.begin_scan();
  for (const auto& [name, file] : files_)
    scan.see({folder_ / name, file.size_bytes, file.modified_ns});
  scan.finish([](const auto&) { return "?"; });
  ASSERT_EQ(scan.next(1).size(), 1U);
  const auto vector = sample_vector(1);
  const NewItem first{.file = {folder_ / "pictures/a", 100, 10},
                      .content_hash = "1",
                      .vector = vector,
                      .skip = {},
                      .precision = {},
                      .decoding = {}};
  gallery_.append({&first, 1});
  EXPECT_EQ(index().added, 1U);
  EXPECT_THAT(wanted_, ElementsAre("pictures/b"));
}

TEST_F(Scanning, ComparesMoreFilesThanItKeepsInMemory) {
  for (unsigned i = 0; i < 1300; ++i)
    files_["pictures/" + std::to_string(i)] = {i, 10};
  auto scan = gallery_.begin_scan();
  for (const auto& [name, file] : files_)
    for (int twice = 0; twice < 2; ++twice)
      scan.see({folder_ / name, file.size_bytes, file.modified_ns});
  EXPECT_EQ(scan.finish([](const auto&) { return "?"; }).added, 1300U);
  std::size_t count = 0;
  for (auto batch = scan.next(32); !batch.empty(); batch = scan.next(32))
    count += batch.size();
  EXPECT_EQ(count, 1300U);
}

}  // namespace
}  // namespace igrot
