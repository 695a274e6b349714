// The verbs other programs stand on, against the outputs of the reference.
#include <gmock/gmock.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "formats/npy.h"
#include "igrot/image.h"
#include "run.h"
#include "tests/app/golden.h"
#include "tests/temporary_folder.h"

namespace igrot::app {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<json> json_lines(const std::string& text) {
  std::vector<json> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);)
    lines.push_back(json::parse(line));
  return lines;
}

Ran feed(const std::vector<std::string>& arguments, const std::string& input) {
  RunOptions options;
  options.input = input;
  return run(arguments, options);
}

TEST(Tokenize, AnswersEachLineWithIds) {
  const auto ran = feed({"tokenize", "--context", "5"},
                        "{\"text\": \"a dog\"}\n{\"text\": \"\"}\n");
  EXPECT_EQ(ran.exit_code, 0);
  const auto lines = json_lines(ran.out);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0], json::parse(R"({"ids": [49406, 320, 1929, 49407, 0]})"));
  EXPECT_EQ(lines[1], json::parse(R"({"ids": [49406, 49407, 0, 0, 0]})"));
}

TEST(Tokenize, AddsTheMaskForBert) {
  const auto ran = feed({"tokenize", "--tokenizer", "bert", "--context", "5"},
                        "{\"text\": \"dog\"}\n");
  EXPECT_EQ(json_lines(ran.out).at(0),
            json::parse(R"({"ids": [101, 3899, 102, 0, 0],
                            "mask": [1, 1, 1, 0, 0]})"));
}

TEST(Tokenize, NamesTheLineItCannotRead) {
  for (const auto* line : {"{\"text\": 1}", "dog", "{\"words\": \"a\"}"}) {
    const auto ran =
        feed({"tokenize"}, "{\"text\": \"\"}\n" + std::string(line) + "\n");
    EXPECT_EQ(ran.exit_code, 4) << line;
    EXPECT_THAT(ran.err, HasSubstr("line 2"));
    EXPECT_EQ(json_lines(ran.out).size(), 1U);
  }
}

TEST(Tokenize, TakesLoneSurrogates) {
  const auto ran = feed({"tokenize"}, "{\"text\": \"a \\ud83d dog\"}\n");
  EXPECT_EQ(ran.exit_code, 0);
}

TEST(Tokenize, RefusesUnknownTokenizersAndContexts) {
  EXPECT_EQ(feed({"tokenize", "--tokenizer", "t5"}, "").exit_code, 2);
  EXPECT_EQ(feed({"tokenize", "--tokenizer", "siglip"}, "").exit_code, 2);
  EXPECT_EQ(feed({"tokenize", "--vocabulary", "spiece.model"}, "").exit_code,
            2);
  EXPECT_EQ(feed({"tokenize", "--context", "1"}, "{\"text\": \"\"}").exit_code,
            2);
}

std::string picture(int i) {
  return golden("models/images/img" + std::to_string(i) + ".png").string();
}

TEST(Decode, GoesOnAfterABadFile) {
  const TemporaryFolder folder;
  std::ofstream(folder / "bad.jpg") << "\xff\xd8\xff";
  const std::vector<std::string> files{
      picture(0), (folder / "bad.jpg").string(), (folder / "gone.png").string(),
      picture(6)};
  std::vector<std::string> arguments{"decode", "--jsonl"};
  arguments.insert(arguments.end(), files.begin(), files.end());
  const auto ran = run(arguments);
  EXPECT_EQ(ran.exit_code, 0);
  const auto lines = json_lines(ran.out);
  ASSERT_EQ(lines.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(lines[i].at("file"), files[i]);
  EXPECT_EQ(lines[0].at("mode"), "RGB");
  EXPECT_EQ(lines[0].at("format"), "PNG");
  EXPECT_EQ(lines[0].at("sha256_native"), lines[0].at("sha256_rgb"));
  EXPECT_TRUE(lines[1].contains("error"));
  EXPECT_EQ(lines[2].at("kind"), "not_found");
  EXPECT_EQ(lines[3].at("mode"), "RGBA");
  arguments.push_back("--strict");
  EXPECT_EQ(run(arguments).exit_code, 7);
}

TEST(Decode, OfOneFileFailsWithItsKind) {
  EXPECT_EQ(run({"decode", "/nowhere.png"}).exit_code, 3);
  EXPECT_THAT(run({"decode", picture(0)}).out, HasSubstr("PNG RGB"));
}

TEST(Decode, WritesRgbPixels) {
  const TemporaryFolder folder;
  const auto ran =
      run({"decode", "--jsonl", "--rgb", folder / "out", picture(5)});
  EXPECT_EQ(ran.exit_code, 0);
  const auto image = Image::open(folder / "out" / "img5.png");
  EXPECT_EQ(image.mode(), Mode::rgb);
}

TEST(Prepare, WritesTheCropAndItsNumbers) {
  const TemporaryFolder folder;
  const auto ran = run({"prepare", picture(0), "--side", "64", "--as-opened",
                        "--npy", "--out", folder / "out"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  const auto image = Image::open(folder / "out" / "img0.png");
  EXPECT_EQ(image.width(), 64U);
  const auto pixels = read_npy_f32(folder / "out" / "img0.npy");
  EXPECT_THAT(pixels.shape(), ElementsAre(3, 64, 64));
  const auto all = read_npy_f32(golden("models/clip_tiny/pixels.npy"));
  for (std::size_t i = 0; i < pixels.size(); ++i)
    ASSERT_EQ(pixels.values()[i], all.values()[i]) << i;
}

TEST(Prepare, RefusesInputsThatWouldShareAName) {
  const TemporaryFolder folder;
  const auto ran = run({"prepare", "a/x.png", "b/x.jpg", "--side", "64",
                        "--out", folder / "out"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_FALSE(std::filesystem::exists(folder / "out"));
}

class Embed : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TemporaryFolder;
    unpack(golden("models/clip_tiny_union/clip_tiny_union.pth.gz"), model());
    std::ofstream images(*folder_ / "images.txt");
    for (int i = 0; i < 8; ++i) images << picture(i) << "\n";
    std::ofstream texts(*folder_ / "texts.jsonl");
    std::ofstream pairs(*folder_ / "pairs.jsonl");
    const auto manifest = json::parse(
        std::ifstream(golden("models/clip_tiny_union/manifest.json")));
    for (const auto& text : manifest.at("texts")) texts << text << "\n";
    const auto rows = read_npy_f32(golden("models/clip_tiny_union/pairs.npy"));
    for (std::size_t i = 0; i < rows.size(); i += 2)
      pairs << json{{"image", picture(int(rows.values()[i]))},
                    {"text", manifest.at("texts").at(
                                 std::size_t(rows.values()[i + 1]))}}
            << "\n";
  }
  static void TearDownTestSuite() {
    delete folder_;
    folder_ = nullptr;
  }
  static std::filesystem::path model() { return *folder_ / "m.pth"; }
  static std::string file(const char* name) {
    return (*folder_ / name).string();
  }
  static Ran embed(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(),
                     {"embed", "--model", model().string(), "--out",
                      file("y.npy"), "--batch", "3"});
    return run(arguments);
  }
  static void expect_golden(const std::vector<std::string>& arguments,
                            const std::string& name, float tolerance) {
    const auto ran = embed(arguments);
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    const auto got = read_npy_f32(file("y.npy"));
    const auto want =
        read_npy_f32(golden("models/clip_tiny_union/" + name + ".npy"));
    ASSERT_EQ(got.shape(), want.shape());
    for (std::size_t i = 0; i < got.size(); ++i)
      ASSERT_NEAR(got.values()[i], want.values()[i],
                  tolerance + 2e-5F * std::abs(want.values()[i]))
          << i;
  }

 private:
  static inline TemporaryFolder* folder_ = nullptr;
};

// Tolerances: those of the goldens' README.
constexpr float features = 5e-5F;
constexpr float unit_rows = 1e-5F;

TEST_F(Embed, AgreesWithTheReferenceOnPictures) {
  const auto images = file("images.txt");
  expect_golden({"--what", "image", "--images", images}, "image_global",
                features);
  expect_golden({"--what", "image-local", "--images", images}, "image_local",
                features);
  expect_golden({"--what", "target-original", "--images", images},
                "target_original_eval", unit_rows);
  expect_golden({"--what", "target-union", "--images", images},
                "target_union_eval", unit_rows);
  expect_golden({"--what", "target-sum", "--images", images}, "target_sum_eval",
                unit_rows);
  expect_golden({"--what", "target-sum", "--images", images, "--normalize",
                 "no", "--sum-convention", "train"},
                "target_sum_train", features);
}

TEST_F(Embed, AgreesWithTheReferenceOnTexts) {
  const auto texts = file("texts.jsonl");
  expect_golden({"--what", "text", "--texts", texts}, "text_global", features);
  expect_golden({"--what", "text-local", "--texts", texts}, "text_local",
                features);
}

TEST_F(Embed, AgreesWithTheReferenceOnPairs) {
  const auto pairs = file("pairs.jsonl");
  expect_golden({"--what", "query", "--pairs", pairs}, "query_mask_bool",
                unit_rows);
  expect_golden({"--what", "query", "--pairs", pairs, "--mask", "added"},
                "query_mask_added", unit_rows);
  expect_golden({"--what", "fused", "--pairs", pairs}, "f_mask_bool", features);
  expect_golden({"--what", "weights", "--pairs", pairs}, "weights_mask_bool",
                features);
  expect_golden({"--what", "union", "--pairs", pairs}, "union_U", unit_rows);
}

TEST_F(Embed, ComputesTheRawQueryBehindTheUnitOne) {
  const auto pairs = file("pairs.jsonl");
  ASSERT_EQ(embed({"--what", "query", "--pairs", pairs, "--normalize", "no"})
                .exit_code,
            0);
  auto raw = read_npy_f32(file("y.npy"));
  const auto want =
      read_npy_f32(golden("models/clip_tiny_union/query_mask_bool.npy"));
  const auto width = raw.shape().at(1);
  for (std::size_t row = 0; row < raw.shape()[0]; ++row) {
    double length = 0;
    for (std::size_t i = 0; i < width; ++i)
      length += std::pow(double(raw.values()[row * width + i]), 2);
    for (std::size_t i = row * width; i < (row + 1) * width; ++i)
      ASSERT_NEAR(raw.values()[i] / std::sqrt(length), want.values()[i],
                  unit_rows);
  }
}

TEST_F(Embed, TakesPixels) {
  const auto pixels = golden("models/clip_tiny/pixels.npy").string();
  expect_golden({"--what", "image", "--pixels", pixels}, "image_global",
                features);
}

TEST_F(Embed, GivesTheSameVectorsAfterConversion) {
  const auto converted = file("m.safetensors");
  ASSERT_EQ(run({"model", "convert", model().string(), converted}).exit_code,
            0);
  const auto ran =
      run({"embed", "--model", converted, "--what", "target-union", "--images",
           file("images.txt"), "--out", file("y.npy")});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  const auto got = read_npy_f32(file("y.npy"));
  const auto want =
      read_npy_f32(golden("models/clip_tiny_union/target_union_eval.npy"));
  for (std::size_t i = 0; i < got.size(); ++i)
    ASSERT_NEAR(got.values()[i], want.values()[i], unit_rows);
}

TEST_F(Embed, FitsWhatModelInfoTellsOfTheModel) {
  const auto ran =
      run({"model", "info", model().string(), "--tensors", "--hash", "--json"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  const auto info = json::parse(ran.out);
  EXPECT_EQ(info.at("container"), "torch-zip");
  EXPECT_EQ(info.at("layout"), "union");
  EXPECT_EQ(info.at("config").at("width"), 32);
  for (const auto& tensor : info.at("tensors")) {
    EXPECT_EQ(tensor.size(), 4U);
    EXPECT_EQ(tensor.at("sha256").get<std::string>().size(), 64U);
  }
}

TEST(ModelInfo, ShowsContainersThatAreNoModel) {
  const auto ran = run({"model", "info", "--json", "--tensors",
                        golden("models/clip_tiny/pixels.npy")});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  const auto info = json::parse(ran.out);
  EXPECT_EQ(info.at("layout"), nullptr);
  EXPECT_EQ(info.at("tensors").at(0).at("name"), "");
  EXPECT_EQ(info.at("tensors").at(0).at("dtype"), "float32");
}

TEST_F(Embed, RefusesWhatDoesNotFit) {
  const auto images = file("images.txt");
  const auto texts = file("texts.jsonl");
  EXPECT_EQ(embed({"--what", "image"}).exit_code, 2);
  EXPECT_EQ(embed({"--what", "image", "--texts", texts}).exit_code, 2);
  EXPECT_EQ(embed({"--what", "smell", "--images", images}).exit_code, 2);
  EXPECT_EQ(embed({"--what", "image", "--images", images, "--normalize", "x"})
                .exit_code,
            2);
  EXPECT_EQ(
      embed({"--what", "image", "--images", images, "--precision", "int8"})
          .exit_code,
      5);
  EXPECT_EQ(embed({"--what", "image", "--images", images, "--engine", "torch"})
                .exit_code,
            5);
  EXPECT_EQ(embed({"--what", "image", "--images", "/nowhere"}).exit_code, 3);
}

TEST_F(Embed, WritesNothingWhenAPictureFails) {
  const TemporaryFolder folder;
  std::ofstream(folder / "list.txt") << picture(0) << "\n/nowhere.png\n";
  const auto ran =
      run({"embed", "--model", model().string(), "--what", "image", "--images",
           folder / "list.txt", "--out", folder / "y.npy"});
  EXPECT_EQ(ran.exit_code, 3);
  EXPECT_THAT(ran.err, HasSubstr("/nowhere.png"));
  EXPECT_EQ(folder.entry_count(), 1U);
}

}  // namespace
}  // namespace igrot::app
