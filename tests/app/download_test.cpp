// One file over HTTP from a server of the test's own.
#include "download.h"

#include <gmock/gmock.h>
#include <stdlib.h>

#include <fstream>
#include <sstream>

#include "base/sha256.h"
#include "igrot/error.h"
#include "part_file.h"
#include "tests/app/file_server.h"
#include "tests/temporary_folder.h"

namespace igrot::app {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

/// Bytes that differ everywhere, so that a piece in the wrong place shows.
std::string content_of(std::size_t size, unsigned seed = 1) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) {
    seed = seed * 1664525U + 1013904223U;
    text += static_cast<char>(seed >> 24);
  }
  return text;
}

std::string sha256_of(const std::string& text) {
  return sha256_hex(as_bytes(text));
}

std::string read(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

class DownloadTest : public testing::Test {
 protected:
  void SetUp() override {
    // Whoever runs the tests may sit behind a proxy.
    ::setenv("no_proxy", "127.0.0.1", 1);
  }

  DownloadRequest request(const std::string& path = "/file") const {
    return {.address = server_.address(path), .target = folder_ / "file"};
  }
  DownloadHooks hooks() {
    DownloadHooks hooks;
    hooks.first_wait = std::chrono::milliseconds(1);
    hooks.say = [this](std::string_view sentence) {
      said_.emplace_back(sentence);
    };
    return hooks;
  }
  std::optional<Downloaded> fetch(const DownloadRequest& request) {
    return download(request, hooks());
  }
  std::pair<ErrorKind, std::string> failure(const DownloadRequest& request) {
    try {
      (void)fetch(request);
    } catch (const Error& error) {
      return {error.kind(), error.what()};
    }
    ADD_FAILURE() << "no error";
    return {};
  }
  /// Ends a first run after `size` bytes have come.
  void stop_after(const DownloadRequest& request, std::size_t size) {
    auto stopping = hooks();
    stopping.progress = [&](std::uint64_t done, std::uint64_t) {
      return done < size;
    };
    EXPECT_EQ(download(request, stopping), std::nullopt);
  }

  std::filesystem::path target() const { return folder_ / "file"; }
  std::filesystem::path part() const { return folder_ / "file.part"; }

  TemporaryFolder folder_;
  FileServer server_;
  std::vector<std::string> said_;
  const std::string content_ = content_of(300'000);
};

TEST_F(DownloadTest, BringsAFileAndChecksIt) {
  server_.serve("/file", {.content = content_});
  auto wanted = request();
  wanted.sha256 = sha256_of(content_);
  wanted.size_bytes = content_.size();
  const auto done = fetch(wanted);
  ASSERT_TRUE(done);
  EXPECT_EQ(read(target()), content_);
  EXPECT_EQ(done->size_bytes, content_.size());
  EXPECT_EQ(done->sha256, wanted.sha256);
  EXPECT_TRUE(done->checked);
  EXPECT_EQ(folder_.entry_count(), 1U);
}

TEST_F(DownloadTest, SaysWhenNothingWasThereToCheckAgainst) {
  server_.serve("/file", {.content = content_});
  const auto done = fetch(request());
  ASSERT_TRUE(done);
  EXPECT_FALSE(done->checked);
  EXPECT_EQ(done->sha256, sha256_of(content_));
}

TEST_F(DownloadTest, GoesOnWhereTheConnectionBroke) {
  server_.serve(
      "/file",
      {.content = content_, .etag = "\"v1\"", .cuts = 2, .cut_after = 100'000});
  ASSERT_TRUE(fetch(request()));
  EXPECT_EQ(read(target()), content_);
  const auto seen = server_.seen();
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_EQ(seen[0].header("range"), "");
  EXPECT_EQ(seen[1].header("range"), "bytes=100000-");
  EXPECT_EQ(seen[1].header("if-range"), "\"v1\"");
  EXPECT_EQ(seen[2].header("range"), "bytes=200000-");
  EXPECT_EQ(said_.size(), 2U);
}

TEST_F(DownloadTest, GoesOnInTheNextRun) {
  server_.serve(
      "/file",
      {.content = content_, .etag = "\"v1\"", .cuts = 1, .cut_after = 100'000});
  stop_after(request(), 100'000);
  EXPECT_FALSE(std::filesystem::exists(target()));
  EXPECT_EQ(read(part()), content_.substr(0, 100'000));
  ASSERT_TRUE(fetch(request()));
  EXPECT_EQ(read(target()), content_);
  EXPECT_EQ(server_.seen().back().header("range"), "bytes=100000-");
  EXPECT_EQ(folder_.entry_count(), 1U);
}

TEST_F(DownloadTest, StartsAgainWhereTheServerHasAnotherVersion) {
  server_.serve(
      "/file",
      {.content = content_, .etag = "\"v1\"", .cuts = 1, .cut_after = 100'000});
  stop_after(request(), 100'000);
  const auto newer = content_of(200'000, 7);
  server_.serve("/file", {.content = newer, .etag = "\"v2\""});
  ASSERT_TRUE(fetch(request()));
  EXPECT_EQ(read(target()), newer);
}

TEST_F(DownloadTest, StartsAgainWhereTheServerSendsNoParts) {
  server_.serve("/file", {.content = content_,
                          .etag = "\"v1\"",
                          .ranges = false,
                          .cuts = 1,
                          .cut_after = 100'000});
  ASSERT_TRUE(fetch(request()));
  EXPECT_EQ(read(target()), content_);
}

TEST_F(DownloadTest, StartsAgainWhereTheServerSendsOtherParts) {
  server_.serve("/file", {.content = content_,
                          .etag = "\"v1\"",
                          .cuts = 1,
                          .cut_after = 100'000,
                          .range_shift = 10});
  ASSERT_TRUE(fetch(request()));
  EXPECT_EQ(read(target()), content_);
}

TEST_F(DownloadTest, DropsBytesOfAnUnknownVersion) {
  std::ofstream(part()) << "what is this";
  server_.serve("/file", {.content = content_});
  ASSERT_TRUE(fetch(request()));
  EXPECT_EQ(read(target()), content_);
  EXPECT_EQ(server_.seen().at(0).header("range"), "");
}

TEST_F(DownloadTest, TakesThemWhereTheHashWillTell) {
  std::ofstream(part(), std::ios::binary) << content_.substr(0, 1000);
  server_.serve("/file", {.content = content_});
  auto wanted = request();
  wanted.sha256 = sha256_of(content_);
  ASSERT_TRUE(fetch(wanted));
  EXPECT_EQ(read(target()), content_);
  EXPECT_EQ(server_.seen().at(0).header("range"), "bytes=1000-");
}

TEST_F(DownloadTest, AsksForNothingWhereEverythingIsThere) {
  std::ofstream(part(), std::ios::binary) << content_;
  auto wanted = request();
  wanted.sha256 = sha256_of(content_);
  wanted.size_bytes = content_.size();
  ASSERT_TRUE(fetch(wanted));
  EXPECT_THAT(server_.seen(), IsEmpty());
}

TEST_F(DownloadTest, RemovesBytesWithAnotherHash) {
  server_.serve("/file", {.content = content_});
  auto wanted = request();
  wanted.sha256 = sha256_of("something else");
  const auto [kind, text] = failure(wanted);
  EXPECT_EQ(kind, ErrorKind::corrupt);
  EXPECT_THAT(text, HasSubstr(wanted.address));
  EXPECT_THAT(text, HasSubstr(sha256_of(content_)));
  EXPECT_EQ(folder_.entry_count(), 0U);
}

TEST_F(DownloadTest, ChecksTheHashThatTheServerAnnounces) {
  const auto announced = [](const std::string& sha256) {
    return "X-Linked-ETag: \"" + sha256 + "\"\r\n";
  };
  server_.serve("/elsewhere", {.content = content_});
  server_.serve("/file", {.headers = announced(sha256_of("something else")),
                          .location = server_.address("/elsewhere")});
  EXPECT_EQ(failure(request()).first, ErrorKind::corrupt);
  server_.serve("/file", {.headers = announced(sha256_of(content_)),
                          .location = server_.address("/elsewhere")});
  const auto done = fetch(request());
  ASSERT_TRUE(done);
  EXPECT_TRUE(done->checked);
  EXPECT_EQ(read(target()), content_);
}

TEST_F(DownloadTest, RefusesAnotherSizeBeforeTheBytes) {
  server_.serve("/file", {.content = content_});
  auto wanted = request();
  wanted.size_bytes = content_.size() + 1;
  const auto [kind, text] = failure(wanted);
  EXPECT_EQ(kind, ErrorKind::corrupt);
  EXPECT_THAT(text, HasSubstr("300000 bytes, expected 300001"));
  EXPECT_EQ(folder_.entry_count(), 0U);
}

TEST_F(DownloadTest, TakesNoMoreBytesThanItShould) {
  server_.serve("/file", {.content = content_, .length = false});
  auto wanted = request();
  wanted.size_bytes = 1000;
  EXPECT_EQ(failure(wanted).first, ErrorKind::corrupt);
  wanted.size_bytes = 0;
  wanted.most_bytes = 1000;
  EXPECT_EQ(failure(wanted).first, ErrorKind::corrupt);
  EXPECT_EQ(folder_.entry_count(), 0U);
}

TEST_F(DownloadTest, NoticesAnEndThatCameTooSoon) {
  server_.serve("/file", {.content = content_, .length = false});
  auto wanted = request();
  wanted.size_bytes = content_.size() + 1;
  EXPECT_EQ(failure(wanted).first, ErrorKind::io);
  EXPECT_FALSE(std::filesystem::exists(target()));
}

TEST_F(DownloadTest, BringsAnEmptyFile) {
  server_.serve("/file", {.content = ""});
  const auto done = fetch(request());
  ASSERT_TRUE(done);
  EXPECT_EQ(done->size_bytes, 0U);
  EXPECT_TRUE(std::filesystem::exists(target()));
}

TEST_F(DownloadTest, TellsRefusalsApart) {
  const auto [missing, text] = failure(request("/missing"));
  EXPECT_EQ(missing, ErrorKind::not_found);
  EXPECT_THAT(text, HasSubstr("/missing"));
  server_.serve("/file", {.status = 403});
  const auto [refused, why] = failure(request());
  EXPECT_EQ(refused, ErrorKind::io);
  EXPECT_THAT(why, HasSubstr("403"));
  EXPECT_EQ(server_.seen().size(), 2U);
}

TEST_F(DownloadTest, TriesAgainWhereTheServerIsBusy) {
  server_.serve("/file",
                {.content = content_, .status = 503, .first_answers = 2});
  ASSERT_TRUE(fetch(request()));
  EXPECT_EQ(read(target()), content_);
  EXPECT_EQ(server_.seen().size(), 3U);
}

TEST_F(DownloadTest, GivesUpAfterAWhile) {
  server_.serve("/file", {.status = 503});
  const auto [kind, text] = failure(request());
  EXPECT_EQ(kind, ErrorKind::io);
  EXPECT_THAT(text, HasSubstr("503 (tried 4 times)"));
  EXPECT_EQ(server_.seen().size(), 4U);
}

TEST_F(DownloadTest, NamesTheAddressWhereNobodyAnswers) {
  auto wanted = request();
  {
    const FileServer gone;
    wanted.address = gone.address("/file");
  }
  const auto [kind, text] = failure(wanted);
  EXPECT_EQ(kind, ErrorKind::io);
  EXPECT_THAT(text, HasSubstr(wanted.address));
}

TEST_F(DownloadTest, FollowsNoCircle) {
  server_.serve("/file", {.location = server_.address("/file")});
  EXPECT_EQ(failure(request()).first, ErrorKind::io);
}

TEST_F(DownloadTest, SpeaksNothingButHttp) {
  std::ofstream(folder_ / "here") << "text";
  auto wanted = request();
  wanted.address = "file://" + (folder_ / "here").string();
  EXPECT_EQ(failure(wanted).first, ErrorKind::io);
  server_.serve("/file", {.location = wanted.address});
  EXPECT_EQ(failure(request()).first, ErrorKind::io);
}

TEST_F(DownloadTest, LeavesAFileToWhoeverFetchesIt) {
  const PartFile other(target());
  const auto [kind, text] = failure(request());
  EXPECT_EQ(kind, ErrorKind::io);
  EXPECT_THAT(text, HasSubstr("another program"));
}

}  // namespace
}  // namespace igrot::app
