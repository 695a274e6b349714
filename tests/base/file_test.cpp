#include "base/file.h"

#include <gmock/gmock.h>

#include <fstream>

#include "tests/temporary_folder.h"

namespace igrot {
namespace {

TEST(MappedFile, ShowsTheBytesOfTheFile) {
  const TemporaryFolder folder;
  std::ofstream(folder / "a") << "hello";
  const auto file = MappedFile::open(folder / "a");
  EXPECT_EQ(as_text(file.bytes()), "hello");
}

TEST(MappedFile, OpensAnEmptyFile) {
  const TemporaryFolder folder;
  std::ofstream(folder / "a").flush();
  EXPECT_TRUE(MappedFile::open(folder / "a").bytes().empty());
}

TEST(MappedFile, RefusesWhatIsNotARegularFile) {
  try {
    MappedFile::open("/dev/zero");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::unsupported);
  }
}

TEST(MappedFile, NamesTheMissingFile) {
  try {
    MappedFile::open("/nowhere/x");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::not_found);
    EXPECT_THAT(error.what(), testing::HasSubstr("/nowhere/x"));
  }
}

TEST(ReadFile, RefusesMoreThanTheLimit) {
  const TemporaryFolder folder;
  std::ofstream(folder / "a") << "hello";
  EXPECT_EQ(read_file(folder / "a", 5).size(), 5U);
  EXPECT_THROW(read_file(folder / "a", 4), Error);
}

TEST(AtomicFile, AppearsOnlyWhenCommitted) {
  const TemporaryFolder folder;
  {
    AtomicFile file(folder / "a");
    file.write("hello");
    EXPECT_FALSE(std::filesystem::exists(folder / "a"));
    file.commit();
  }
  EXPECT_EQ(as_text(MappedFile::open(folder / "a").bytes()), "hello");
}

TEST(AtomicFile, RewritesItsStart) {
  const TemporaryFolder folder;
  AtomicFile file(folder / "a");
  file.write("0 items: ");
  file.write("one");
  file.rewrite_start(as_bytes("1"));
  file.commit();
  EXPECT_EQ(as_text(MappedFile::open(folder / "a").bytes()), "1 items: one");
}

TEST(AtomicFile, LeavesTheOldContentWhenAbandoned) {
  const TemporaryFolder folder;
  std::ofstream(folder / "a") << "old";
  { AtomicFile(folder / "a").write("new"); }
  EXPECT_EQ(as_text(MappedFile::open(folder / "a").bytes()), "old");
  EXPECT_EQ(folder.entry_count(), 1U);
}

}  // namespace
}  // namespace igrot
