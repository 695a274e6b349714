#include "base/record_log.h"

#include <gmock/gmock.h>

#include <fstream>
#include <thread>

#include "igrot/error.h"
#include "tests/temporary_folder.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;

using testing::ElementsAreArray;
using testing::Optional;

std::string key(char letter) {
  return std::string(RecordLog::key_bytes, letter);
}

std::optional<std::string> text_of(const RecordLog& log, char letter) {
  const auto value = log.find(key(letter));
  if (!value) return std::nullopt;
  return std::string(as_text(*value));
}

class Records : public testing::Test {
 protected:
  void add(char letter, std::string_view value) const {
    RecordLog log(file_, 4);
    log.put(key(letter), as_bytes(value));
    log.write();
  }
  std::optional<std::string> found(char letter) const {
    return text_of(RecordLog(file_, 4), letter);
  }

  TemporaryFolder folder_;
  fs::path file_ = folder_.path() / "log";
};

TEST_F(Records, AreThereForTheNextReader) {
  add('a', "1234");
  add('b', "5678");
  EXPECT_THAT(found('a'), Optional(std::string("1234")));
  EXPECT_THAT(found('b'), Optional(std::string("5678")));
  EXPECT_EQ(found('c'), std::nullopt);
}

TEST_F(Records, AreFoundOnceTheyAreWritten) {
  RecordLog log(file_, 4);
  log.put(key('a'), as_bytes("1234"));
  EXPECT_EQ(text_of(log, 'a'), std::nullopt);
  log.write();
  EXPECT_THAT(text_of(log, 'a'), Optional(std::string("1234")));
  log.put(key('a'), as_bytes("new!"));
  log.write();
  EXPECT_THAT(text_of(log, 'a'), Optional(std::string("new!")));
}

TEST_F(Records, OutliveAWriterThatWasKilledAnywhere) {
  add('a', "1234");
  const auto whole = fs::file_size(file_);
  add('b', "5678");
  const auto longer = fs::file_size(file_);
  for (auto size = whole; size < longer; ++size) {
    fs::copy_file(file_, folder_.path() / "cut",
                  fs::copy_options::overwrite_existing);
    fs::resize_file(folder_.path() / "cut", size);
    RecordLog log(folder_.path() / "cut", 4);
    EXPECT_THAT(text_of(log, 'a'), Optional(std::string("1234")));
    EXPECT_EQ(text_of(log, 'b'), std::nullopt);
    log.put(key('c'), as_bytes("more"));
    log.write();
    EXPECT_THAT(text_of(RecordLog(folder_.path() / "cut", 4), 'c'),
                Optional(std::string("more")));
  }
}

TEST_F(Records, OutliveAWriterThatWasKilledInTheHeader) {
  for (std::size_t size = 0; size < 24; ++size) {
    add('a', "1234");
    fs::resize_file(file_, size);
    add('b', "5678");
    EXPECT_THAT(found('b'), Optional(std::string("5678")));
    fs::remove(file_);
  }
}

TEST_F(Records, ThatAreDamagedAreLeftOut) {
  add('a', "1234");
  add('b', "5678");
  {
    std::fstream file(file_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(24 + 64 + 1);
    file.put('!');
  }
  EXPECT_EQ(found('a'), std::nullopt);
  EXPECT_THAT(found('b'), Optional(std::string("5678")));
}

TEST_F(Records, OfAnotherFileAreRefused) {
  std::ofstream(file_) << "something else altogether, long enough";
  EXPECT_THROW(RecordLog(file_, 4), Error);
  EXPECT_EQ(fs::file_size(file_), 38);
  fs::remove(file_);
  add('a', "1234");
  EXPECT_THROW(RecordLog(file_, 8), Error);
}

TEST_F(Records, HaveOneSize) {
  RecordLog log(file_, 4);
  EXPECT_THROW(log.put("short", as_bytes("1234")), Error);
  EXPECT_THROW(log.put(key('a'), as_bytes("12345")), Error);
}

TEST_F(Records, OfSeveralWritersAllStay) {
  std::vector<std::jthread> writers;
  for (const char first : {'a', 'h', 'o'})
    writers.emplace_back([this, first] {
      RecordLog log(file_, 4);
      for (int i = 0; i < 7; ++i) {
        log.put(key(static_cast<char>(first + i)), as_bytes("1234"));
        log.write();
      }
    });
  writers.clear();
  for (char letter = 'a'; letter <= 'u'; ++letter)
    EXPECT_THAT(found(letter), Optional(std::string("1234"))) << letter;
}

}  // namespace
}  // namespace igrot
