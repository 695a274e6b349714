#include "picture_files.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>

#include "igrot/error.h"
#include "picture_signature.h"
#include "tests/temporary_folder.h"

namespace igrot::app {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view png = "\x89PNG\r\n\x1a\n";

class FindPictures : public testing::Test {
 protected:
  void put(const std::filesystem::path& name, std::string_view content) {
    std::filesystem::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << content;
  }
  std::vector<std::string> found() {
    std::vector<std::string> names;
    const auto name_of = [&](const std::filesystem::path& path) {
      return path.lexically_relative(folder_.path()).string();
    };
    walk_pictures(
        folder_.path(),
        {.file = [&](const auto& path) { names.push_back(name_of(path)); },
         .walked = [&](const auto& path) { walked_.push_back(name_of(path)); },
         .unreadable = [](const auto&, const auto&) {},
         .stopped = [] { return false; }});
    return names;
  }
  std::vector<std::string> walked_;
  TemporaryFolder folder_;
};

TEST_F(FindPictures, GoesByContentAndByName) {
  put("a.png", png);
  put("no-extension", png);
  put("broken.JPG", "");
  put("notes.txt", "BMW, P1 and so on");
  put("script", "");
  put("sub/.hidden/b.gif", "GIF89a");
  EXPECT_THAT(found(), ElementsAre("a.png", "broken.JPG", "no-extension",
                                   "sub/.hidden/b.gif"));
}

TEST_F(FindPictures, LeavesGalleriesOut) {
  put("sub/.igrot/thumbnail.png", png);
  EXPECT_THAT(found(), IsEmpty());
}

TEST_F(FindPictures, FollowsLinksToFilesButNotToFolders) {
  put("a/x.png", png);
  std::filesystem::create_symlink("a/x.png", folder_ / "link.png");
  std::filesystem::create_symlink("..", folder_ / "a/up");
  std::filesystem::create_symlink("nowhere", folder_ / "lost.png");
  EXPECT_THAT(found(), ElementsAre("link.png", "a/x.png"));
}

TEST_F(FindPictures, NeverOpensPipes) {
  ASSERT_EQ(::mkfifo((folder_ / "pipe.png").c_str(), 0600), 0);
  EXPECT_THAT(found(), IsEmpty());
}

TEST_F(FindPictures, SaysWhichTreeWasWalkedToItsEnd) {
  put("sub/x.png", png);
  found();
  EXPECT_THAT(walked_, ElementsAre("."));
}

TEST_F(FindPictures, MissesARootThatIsNotThere) {
  EXPECT_THROW(walk_pictures(folder_ / "gone", {}), Error);
}

TEST(PictureSignature, KnowsFormatsThatAreNotReadToo) {
  using namespace std::string_view_literals;
  const auto starts = [](std::string_view text) {
    return starts_like_picture(std::as_bytes(std::span(text)));
  };
  EXPECT_TRUE(starts("\xff\xd8\xff\xe0"));
  EXPECT_TRUE(starts("RIFF\1\2\3\4WEBPVP8 "));
  EXPECT_FALSE(starts("RIFF\1\2\3\4WAVEfmt "));
  EXPECT_TRUE(
      starts("\0\0\0\x18"
             "ftypheic"sv));
  EXPECT_TRUE(starts("\xff\x0a\xfa"));
  EXPECT_TRUE(starts("P6\n2 2"));
  EXPECT_FALSE(starts("P6 is a text"));
  EXPECT_TRUE(starts("BM\1\2\3\4\0\0\0\0\x36\0\0\0\x28\0\0\0"sv));
  EXPECT_FALSE(starts("BMW is a company"));
  EXPECT_FALSE(starts(""));
}

}  // namespace
}  // namespace igrot::app
