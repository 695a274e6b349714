// `igrot eval` killed at work, and run again.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "golden.h"
#include "run.h"
#include "tests/eval/small_benchmark.h"
#include "tests/temporary_folder.h"

namespace igrot::app {
namespace {

namespace fs = std::filesystem;

/// Folders of two classes that a TOML file describes.
class EvalResumes : public testing::Test {
 protected:
  static constexpr std::size_t photos = 150;

  EvalResumes() {
    unpack(golden("models/clip_tiny_union/clip_tiny_union.pth.gz"),
           folder_ / "m.pth");
    draw("sketches", 6);
    draw("photos", photos);
    std::ofstream(folder_ / "set.toml")
        << "[set]\nkind = \"classes\"\nqueries = \"sketches\"\n"
           "gallery = \"photos\"\n";
  }

  void draw(const std::string& kind, std::size_t count) const {
    for (std::size_t i = 0; i < count; ++i) {
      const auto place = folder_ / kind / (i % 2 ? "boat" : "apple");
      fs::create_directories(place);
      write_png(place / (std::to_string(1000 + i) + ".png"),
                test::colour_square(i, 255 - i, 30 * (i % 8)));
    }
  }

  /// The plain engine takes its time.
  Ran eval(const std::string& out, RunOptions options,
           std::vector<std::string> more = {}) const {
    std::vector<std::string> words{
        "eval",         (folder_ / "set.toml").string(),
        "--model",      (folder_ / "m.pth").string(),
        "--activation", "quick_gelu",
        "--engine",     "plain",
        "--out",        (folder_ / out).string()};
    words.insert(words.end(), more.begin(), more.end());
    options.variables["IGROT_VECTORS"] = cache_.string();
    return run(words, options);
  }

  nlohmann::json result(const std::string& out) const {
    std::ifstream in(folder_ / out / "result.json");
    return nlohmann::json::parse(in);
  }

  TemporaryFolder folder_;
  fs::path cache_ = folder_ / "vectors";
};

TEST_F(EvalResumes, AfterItWasKilled) {
  ASSERT_EQ(eval("whole", {}, {"--no-keep-vectors"}).exit_code, 0);
  EXPECT_FALSE(fs::exists(cache_));

  RunOptions killed;
  killed.kill_after_file = cache_ / "files";
  killed.kill_after_bytes = 32 * 136;
  EXPECT_EQ(eval("resumed", killed).exit_code, 128 + SIGKILL);
  EXPECT_FALSE(fs::exists(folder_ / "resumed" / "result.json"));
  EXPECT_LT(fs::file_size(cache_ / "files"), photos * 136);

  // The first picture was encoded: nobody reads it again.
  const auto first = folder_ / "photos/apple/1000.png";
  const auto time = fs::last_write_time(first);
  const auto size = fs::file_size(first);
  std::ofstream(first, std::ios::binary) << std::string(size, 'x');
  fs::last_write_time(first, time);
  const auto again = eval("resumed", {});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(result("resumed"), result("whole"));
}

}  // namespace
}  // namespace igrot::app
