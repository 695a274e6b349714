#include "train/dry_run.h"

#include <gmock/gmock.h>

#include <fstream>

#include "tests/temporary_folder.h"

namespace igrot {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

namespace fs = std::filesystem;

void write(const fs::path& path, std::string_view text) {
  std::ofstream(path) << text;
}

/// Five samples; c.png is missing, d.png a folder, two texts are blank.
class FiveSamples : public testing::Test {
 protected:
  FiveSamples() {
    write(folder_ / "a.png", "not opened");
    write(folder_ / "b.png", "not opened");
    fs::create_directory(folder_ / "d.png");
    write(folder_ / "samples.jsonl",
          R"({"reference": "a.png", "text": "at night", "target": "b.png"}
{"reference": "c.png", "text": "", "target": "b.png"}
{"reference": "a.png", "text": "red", "target": "d.png"}
{"reference": "b.png", "text": " \n", "target": "c.png"}
{"reference": "b.png", "text": "blue", "target": "a.png"}
)");
    config_.data.triplets = folder_ / "samples.jsonl";
    config_.train.batch_size = 2;
    config_.train.epochs = 3;
  }

  TemporaryFolder folder_;
  TrainConfig config_;
};

TEST_F(FiveSamples, FillTwoBatchesAnEpoch) {
  const auto run = inspect_training(config_);
  EXPECT_EQ(run.samples.list.size(), 5);
  EXPECT_EQ(run.batches, 2);
  EXPECT_EQ(run.steps, 6);
  config_.train.max_steps = 5;
  EXPECT_EQ(inspect_training(config_).steps, 5);
}

TEST_F(FiveSamples, NameFilesThatAreMissing) {
  const auto run = inspect_training(config_);
  EXPECT_EQ(run.pictures.different, 4);
  EXPECT_THAT(run.pictures.missing,
              ElementsAre(folder_ / "c.png", folder_ / "d.png"));
  EXPECT_FALSE(run.interrupted);
}

TEST_F(FiveSamples, NameTextsWithoutWords) {
  EXPECT_THAT(inspect_training(config_).wordless, ElementsAre(1, 3));
}

TEST_F(FiveSamples, NeedNoValidation) {
  const auto run = inspect_training(config_);
  EXPECT_FALSE(run.validation.has_value());
  EXPECT_EQ(run.validation_pictures.different, 0);
}

TEST_F(FiveSamples, AreValidatedOnAnotherFile) {
  write(folder_ / "valid.jsonl",
        R"({"reference": "b.png", "text": "by day", "target": "e.png"}
{"reference": "b.png", "text": "smaller", "target": "a.png"}
)");
  config_.validation.emplace();
  config_.validation->triplets = folder_ / "valid.jsonl";
  const auto run = inspect_training(config_);
  ASSERT_TRUE(run.validation.has_value());
  EXPECT_EQ(run.validation->queries.size(), 2);
  EXPECT_EQ(run.validation->gallery.size(), 3);
  EXPECT_EQ(run.validation_pictures.different, 3);
  EXPECT_THAT(run.validation_pictures.missing, ElementsAre(folder_ / "e.png"));
}

TEST_F(FiveSamples, AreLookedForFileByFileUntilToldToStop) {
  std::vector<std::size_t> seen;
  inspect_training(config_, [&](std::size_t done, std::size_t total) {
    EXPECT_EQ(total, 4);
    seen.push_back(done);
    return true;
  });
  EXPECT_THAT(seen, ElementsAre(1, 2, 3, 4));
  const auto run = inspect_training(
      config_, [](std::size_t done, std::size_t) { return done < 2; });
  EXPECT_TRUE(run.interrupted);
  EXPECT_THAT(run.pictures.missing, IsEmpty());
}

}  // namespace
}  // namespace igrot
