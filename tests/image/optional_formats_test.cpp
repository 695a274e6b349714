// Formats whose decoders a build may lack are recognized by content all the
// same; signatures are those of the formats' specifications.
#include "image/optional_formats.h"

#include <gmock/gmock.h>

#include <sstream>

#include "tests/image/drawing.h"

namespace igrot {
namespace {

using namespace std::string_literals;

struct Sample {
  std::string_view format;
  std::string start;
};

std::string box(const std::string& brands) {
  std::string size(4, '\0');
  size[3] = static_cast<char>(8 + brands.size());
  return size + "ftyp" + brands + std::string(16, '\0');
}

const std::vector<Sample> samples{
    {"HEIF", box("heic\0\0\0\0mif1heic"s)},
    {"HEIF", box("mif1\0\0\0\0mif1heic"s)},
    {"AVIF", box("avif\0\0\0\0avifmif1"s)},
    {"AVIF", box("mif1\0\0\0\0miafavif"s)},
    {"JXL", "\xFF\x0A\0\0"s},
    {"JXL", "\0\0\0\x0CJXL \r\n\x87\n"s},
};

struct Recognizer {
  std::string_view format;
  bool (*accepts)(Bytes file);
};

constexpr std::array recognizers{
    Recognizer{"AVIF", is_avif},
    Recognizer{"HEIF", is_heif},
    Recognizer{"JXL", is_jxl},
};

std::string_view recognized(std::string_view start) {
  for (const auto& row : recognizers)
    if (row.accepts(as_bytes(start))) return row.format;
  return "";
}

TEST(OptionalFormats, AreRecognizedByContent) {
  for (const auto& sample : samples)
    EXPECT_EQ(recognized(sample.start), sample.format) << sample.start;
}

TEST(OptionalFormats, AreNotSeenInOtherFiles) {
  for (const auto& start : {""s, "\0\0\0\x18"s, box("isom\0\0\2\0isomiso2"s),
                            box("crx \0\0\0\1crx isom"s), "\xFF\xD8\xFF\xE0"s})
    EXPECT_EQ(recognized(start), "") << start;
}

// A name is listed exactly where the build found the library.
TEST(OptionalFormats, AreListedWhereTheirLibraryIs) {
  std::vector<std::string_view> missing{"AVIF", "HEIF", "JXL"};
  std::istringstream built(IGROT_TEST_DECODERS);
  for (std::string name; built >> name;) {
    EXPECT_EQ(std::erase(missing, name), 1U);
    if (name == "HEIF") std::erase(missing, "AVIF");
  }
  for (const auto& name : picture_formats())
    EXPECT_THAT(missing, testing::Not(testing::Contains(name)));
  EXPECT_EQ(picture_formats().size(), 9 + 3 - missing.size());
}

TEST(OptionalFormats, AreRefusedByNameWhereTheBuildLacksThem) {
  for (const auto& [format, start] : samples) {
    try {
      Image::decode(as_bytes(start));
      ADD_FAILURE() << "was decoded";
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), testing::StartsWith(std::string(format) + ":"));
    }
  }
}

}  // namespace
}  // namespace igrot
