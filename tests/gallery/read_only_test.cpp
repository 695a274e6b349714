// Galleries in folders where the reader may not write.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <functional>

#include "tests/gallery/sample.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;

/// Runs `body` in a process that the permissions of files bind, even where the
/// tests run as root; an empty string when it returns true.
std::string as_stranger(const std::function<bool()>& body) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) return "no pipe";
  const auto child = ::fork();
  if (child == 0) {
    std::string answer = "wrong answer";
    constexpr unsigned nobody = 65534;
    if (::geteuid() == 0 && (::setresgid(nobody, nobody, nobody) != 0 ||
                             ::setresuid(nobody, nobody, nobody) != 0))
      answer = "cannot become a stranger";
    try {
      if (body()) answer.clear();
    } catch (const std::exception& error) {
      answer = error.what();
    }
    const bool told = ::write(ends[1], answer.data(), answer.size()) ==
                      static_cast<ssize_t>(answer.size());
    ::_exit(told ? 0 : 1);
  }
  ::close(ends[1]);
  std::string answer(4096, '\0');
  answer.resize(static_cast<std::size_t>(
      std::max<ssize_t>(0, ::read(ends[0], answer.data(), answer.size()))));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  return status == 0 ? answer : answer + " (the reader died)";
}

class ReadOnly : public testing::Test {
 protected:
  ReadOnly() {
    ::chmod(folder_.path().c_str(), 0755);
    ::chmod(place_.c_str(), 0755);
    append_sample(*gallery_, folder_ / "a", 1);
    append_sample(*gallery_, folder_ / "b", 2);
  }
  ~ReadOnly() override {
    for (const auto& place : {place_, copy_}) ::chmod(place.c_str(), 0755);
  }

  static void freeze(const fs::path& place) {
    for (const auto& entry : fs::directory_iterator(place))
      ::chmod(entry.path().c_str(), 0444);
    ::chmod(place.c_str(), 0555);
  }

  static std::string answer(const fs::path& place) {
    return as_stranger([&] {
      const auto gallery = Gallery::open(place, Access::read);
      // Twice: the second search must not lean on what the first one opened.
      search_sample(gallery, 2);
      return file_names(search_sample(gallery, 2)) ==
                 std::vector<std::string>{"b", "a"} &&
             gallery.check().problems.empty();
    });
  }

  TemporaryFolder folder_;
  fs::path place_ = folder_ / "g ?#%";
  fs::path copy_ = folder_ / "copy";
  std::unique_ptr<Gallery> gallery_ = std::make_unique<Gallery>(
      Gallery::create_or_open(place_, sample_model()));
};

TEST_F(ReadOnly, IsSearchedWhenItWasClosed) {
  gallery_.reset();
  freeze(place_);
  EXPECT_EQ(answer(place_), "");
}

TEST_F(ReadOnly, IsSearchedWhileAnotherWrites) {
  EXPECT_EQ(answer(place_), "");
}

// As on a medium that a gallery was copied to while its writer was running.
TEST_F(ReadOnly, IsSearchedWithALogThatWasLeftBehind) {
  fs::copy(place_, copy_);
  fs::remove(copy_ / "gallery.sqlite-shm");
  ASSERT_GT(fs::file_size(copy_ / "gallery.sqlite-wal"), 0U);
  freeze(copy_);
  EXPECT_EQ(answer(copy_), "");
}

TEST_F(ReadOnly, RefusesAWriter) {
  gallery_.reset();
  freeze(place_);
  EXPECT_EQ(as_stranger([&] {
              return error_of([&] {
                       Gallery::create_or_open(place_, sample_model());
                     }).kind() == ErrorKind::io;
            }),
            "");
}

TEST_F(ReadOnly, IsNotWrittenToByReaders) {
  gallery_.reset();
  const auto before = fs::last_write_time(place_ / "gallery.sqlite");
  {
    const auto gallery = Gallery::open(place_, Access::read);
    search_sample(gallery, 1);
  }
  EXPECT_EQ(fs::last_write_time(place_ / "gallery.sqlite"), before);
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(place_))
    names.push_back(entry.path().filename());
  EXPECT_THAT(names, testing::UnorderedElementsAre(
                         "gallery.sqlite", "vectors.bin", "gallery.lock"));
}

}  // namespace
}  // namespace igrot
