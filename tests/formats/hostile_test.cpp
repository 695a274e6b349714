// Files made to exhaust memory, time or the stack of who reads them.
#include <gtest/gtest.h>

#include "tests/formats/limited_process.h"
#include "tests/formats/sample_files.h"
#include "tests/temporary_folder.h"

namespace igrot {
namespace {

Outcome open_pickle(const std::string& pickle) {
  const TemporaryFolder folder;
  write_checkpoint(folder / "x.pt", pickle);
  return open_limited(folder / "x.pt");
}

Outcome open_header(const std::string& header) {
  const TemporaryFolder folder;
  write_file(folder / "x", little(std::uint64_t{header.size()}) + header);
  return open_limited(folder / "x");
}

std::string memo(char opcode, std::size_t slot) {
  return {opcode, static_cast<char>(slot)};
}

TEST(HostileFiles, StayWithinMemoryAndTime) {
  const auto golden = std::filesystem::path(IGROT_TEST_GOLDEN) / "formats/bad";
  for (const auto& file : std::filesystem::directory_iterator(golden)) {
    const auto outcome = open_limited(file.path());
    EXPECT_TRUE(outcome == Outcome::error || outcome == Outcome::loads)
        << file.path();
  }
}

TEST(HostileFiles, AnOrdinaryFileLoadsWithinTheSameLimits) {
  EXPECT_EQ(
      open_pickle('}' + pickled("w") + pickled_view({2, 3}, {3, 1}) + "s."),
      Outcome::loads);
}

TEST(HostileFiles, FloodsOfValuesAreRefused) {
  for (const auto* flood :
       {"N", "]", "}", ")", "(", "K\1", "](", "}(", "G12345678", "K\1\x85",
        "N\x94", "]\x94", "(t", "](]e"}) {
    EXPECT_EQ(open_pickle(repeated(5'000'000, flood) + '.'), Outcome::error)
        << flood;
  }
}

TEST(HostileFiles, AsManyValuesAsAreAllowedFit) {
  const std::size_t count = sanitized ? 10'000 : (1U << 20) - 100;
  for (const auto* item : {"N", "\x88", "]", ")"})
    EXPECT_EQ(open_pickle("](" + pickled_view({6}, {1}) +
                          repeated(count, item) + "e."),
              Outcome::loads)
        << item;
}

TEST(HostileFiles, WhatContainsTheSameAgainAndAgainIsRefused) {
  std::string pickle = ']' + memo('q', 0);
  for (std::size_t level = 1; level < 30; ++level)
    pickle +=
        "](" + repeated(10, memo('h', level - 1)) + 'e' + memo('q', level);
  EXPECT_EQ(open_pickle(pickle + '.'), Outcome::error);
}

TEST(HostileFiles, ATextThatStandsInManyPlacesIsRefused) {
  const auto text = pickled(std::string(1'000'000, 'x')) + memo('q', 0);
  EXPECT_EQ(open_pickle("](" + pickled_view({6}, {1}) + text +
                        repeated(1000, memo('h', 0)) + "e."),
            Outcome::error);
}

TEST(HostileFiles, AMemoSlotFarOutIsRefused) {
  EXPECT_EQ(open_pickle("](Nr\xff\xff\xff\xff" + pickled_view({6}, {1}) + "e."),
            Outcome::error);
}

TEST(HostileFiles, NestingIsLimited) {
  const auto nested = [](std::size_t depth) {
    return repeated(depth, "]") + pickled_view({6}, {1}) +
           repeated(depth, "a") + '.';
  };
  EXPECT_EQ(open_pickle(nested(64)), Outcome::loads);
  EXPECT_EQ(open_pickle(nested(65)), Outcome::error);
  EXPECT_EQ(open_pickle(nested(500'000)), Outcome::error);
}

TEST(HostileFiles, ViewsMayExpandWithinReason) {
  EXPECT_EQ(open_pickle(pickled_view({1000, 1000}, {0, 0}) + '.'),
            Outcome::loads);
  EXPECT_EQ(open_pickle(pickled_view({5000, 5000}, {0, 0}) + '.'),
            Outcome::error);
  EXPECT_EQ(
      open_pickle("](" + repeated(100, pickled_view({1000, 1000}, {0, 0})) +
                  "e."),
      Outcome::error);
}

TEST(HostileFiles, NestedJsonIsRefused) {
  EXPECT_EQ(open_header(repeated(1'000'000, "{\"a\":")), Outcome::error);
  EXPECT_EQ(open_header("{\"a\":{\"shape\":" + repeated(1'000'000, "[")),
            Outcome::error);
}

TEST(HostileFiles, FloodsInJsonAreRefused) {
  EXPECT_EQ(open_header("{\"a\":{\"shape\":[" + repeated(5'000'000, "0,")),
            Outcome::error);
  std::string metadata = "{\"__metadata__\":{";
  for (int i = 0; i < 1'000'000; ++i)
    metadata += '"' + std::to_string(i) + "\":\"\",";
  EXPECT_EQ(open_header(metadata), Outcome::error);
  std::string tensors = "{";
  for (int i = 0; i < 400'000; ++i)
    tensors += '"' + std::to_string(i) +
               "\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},";
  tensors.back() = '}';
  EXPECT_EQ(open_header(tensors), Outcome::error);
}

TEST(HostileFiles, AsManyTensorsAsAreAllowedFit) {
  std::string tensors = "{";
  for (int i = 0; i < 250'000; ++i)
    tensors += '"' + std::to_string(i) +
               "\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},";
  tensors.back() = '}';
  EXPECT_EQ(open_header(tensors), Outcome::loads);
}

TEST(HostileFiles, ManyClassesOfOneSourceReadItOnce) {
  const TemporaryFolder folder;
  std::string modules = "c__torch__\nC\n)\x81}(";
  for (int i = 0; i < 20'000; ++i)
    modules += pickled(std::to_string(i)) +
               fmt::format("c__torch__\nC{}\n", i) + ")\x81}" + pickled("w") +
               pickled_view({6}, {1}) + "sb";
  const std::string source(4'000'000, '\n');
  write_archive(folder / "x.pt", {{"a/data.pkl", modules + "ub."},
                                  {"a/data/0", std::string(24, '\0')},
                                  {"a/constants.pkl", "."},
                                  {"a/code/__torch__.py", source}});
  EXPECT_EQ(open_limited(folder / "x.pt"), Outcome::loads);
}

}  // namespace
}  // namespace igrot
