#include "train/sample_sheet.h"

#include <gmock/gmock.h>

#include "base/file.h"
#include "tests/temporary_folder.h"

namespace igrot {
namespace {

using testing::HasSubstr;
using testing::Not;

namespace fs = std::filesystem;

std::size_t count(const std::string& page, std::string_view part) {
  std::size_t count = 0;
  for (auto at = page.find(part); at != std::string::npos;
       at = page.find(part, at + 1))
    ++count;
  return count;
}

std::vector<std::byte> decoded(std::string_view base64) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::vector<std::byte> bytes;
  std::size_t group = 0;
  for (std::size_t i = 0; i < base64.size() && base64[i] != '='; ++i) {
    group = group << 6U | digits.find(base64[i]);
    if (i % 4 != 0)
      bytes.push_back(static_cast<std::byte>(group >> (6 - i % 4 * 2)));
  }
  return bytes;
}

Image first_picture(const std::string& page) {
  constexpr std::string_view start = "src=\"data:image/png;base64,";
  const auto from = page.find(start) + start.size();
  return Image::decode(decoded(
      std::string_view(page).substr(from, page.find('"', from) - from)));
}

fs::path picture() {
  return fs::path(IGROT_TEST_GOLDEN) / "image/sources/jpeg_444.jpg";
}

Samples samples_with(const std::vector<std::string>& texts) {
  Samples samples{.name = "mine", .recipe = {}, .list = {}};
  for (const auto& text : texts)
    samples.list.push_back({picture(), text, picture()});
  return samples;
}

class Sheet : public testing::Test {
 protected:
  std::string sheet(const Samples& samples, std::size_t count = 24) const {
    write_sample_sheet(folder_ / "sheet.html", config_, samples,
                       {.side = 32, .count = count, .runtime = {}});
    const auto bytes = read_file(folder_ / "sheet.html", 1 << 24);
    return std::string(as_text(bytes));
  }

  TemporaryFolder folder_;
  TrainConfig config_;
};

TEST_F(Sheet, ShowsReferenceWordsAndTarget) {
  const auto page = sheet(samples_with({"at night", "  "}));
  EXPECT_THAT(page, HasSubstr("at night"));
  EXPECT_THAT(page, HasSubstr("no words"));
  EXPECT_EQ(count(page, "<b>reference</b> jpeg_444.jpg"), 2);
  EXPECT_EQ(count(page, "<b>target</b> jpeg_444.jpg"), 2);
  EXPECT_EQ(count(page, "src=\"data:image/png;base64,iVBORw0KGgo"), 4);
}

TEST_F(Sheet, ShowsTheSquareOfTheModel) {
  config_.data.pad = Pad::square;
  const auto shown = first_picture(sheet(samples_with({"one"})));
  const auto square =
      prepare_rgb(Image::open(picture()), {.side = 32, .pad = Pad::square});
  EXPECT_EQ(shown.parts().pixels, square.parts().pixels);
}

TEST_F(Sheet, ShowsSamplesFromBeginningToEnd) {
  const auto page =
      sheet(samples_with({"0", "1", "2", "3", "4", "5", "6", "7", "8"}), 3);
  EXPECT_EQ(count(page, "<li>"), 3);
  for (const auto* shown : {"sample 1<", "sample 4<", "sample 7<"})
    EXPECT_THAT(page, HasSubstr(shown));
  EXPECT_THAT(page, HasSubstr("3 of 9 samples"));
}

TEST_F(Sheet, ShowsViewsWhereTheyAreDrawn) {
  config_.augment.max_rotate = 90;
  const auto page = sheet(samples_with({"turned"}));
  EXPECT_EQ(count(page, "<img"), 6);
  EXPECT_THAT(page, HasSubstr("alt=\"target, epoch 2\""));
}

TEST_F(Sheet, CallsPicturesByTheMode) {
  config_.train.mode = TrainMode::clip;
  auto samples = samples_with({"a fish", "a fowl"});
  samples.list[1].second.reset();
  const auto page = sheet(samples);
  EXPECT_EQ(count(page, "<b>image</b>"), 2);
  EXPECT_EQ(count(page, "<b>other</b>"), 1);
}

TEST_F(Sheet, EscapesWhatComesFromOutside) {
  auto samples = samples_with({"<script>1 & \"2\"</script>"});
  samples.name = "<mine>";
  samples.list[0].second = "/<i>'.png";
  const auto page = sheet(samples);
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("<mine")));
  EXPECT_THAT(page, Not(HasSubstr("<i>")));
  EXPECT_THAT(page, HasSubstr("&#60;script&#62;1 &#38; &#34;2&#34;"));
}

TEST_F(Sheet, SaysWhyAPictureCannotBeShown) {
  auto samples = samples_with({"damaged", "gone"});
  samples.list[0].second = folder_ / "damaged.png";
  samples.list[1].second = folder_ / "gone.png";
  AtomicFile(folder_ / "damaged.png").commit();
  const auto page = sheet(samples);
  EXPECT_THAT(page, HasSubstr("<span class=\"gone\">the file is empty</span>"));
  EXPECT_THAT(page, HasSubstr("<span class=\"gone\">cannot open: No such"));
  EXPECT_EQ(count(page, "<img"), 2);
}

}  // namespace
}  // namespace igrot
