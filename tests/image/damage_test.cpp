// Every source of the goldens, cut, flipped and stretched: the result is always
// a picture or an Error.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/image/damaged.h"
#include "tests/image/golden.h"

namespace igrot {
namespace {

/// Sources small enough to be decoded many times.
std::vector<std::vector<std::byte>> small_sources() {
  std::vector<std::vector<std::byte>> files;
  for (const auto& row : golden_rows("sources.jsonl"))
    if (row.at("bytes").get<std::size_t>() < 20000)
      files.push_back(read_file(golden(file_in(row)), 20000));
  return files;
}

TEST(Damage, OfTruncatedFilesIsAPictureOrAnError) {
  std::size_t refused = 0;
  for (const auto& file : small_sources())
    for (std::size_t part = 0; part < 12; ++part)
      if (!try_decode(Bytes(file).first(file.size() * part / 12))) ++refused;
  EXPECT_GT(refused, 500U);
}

TEST(Damage, OfFlippedBitsIsAPictureOrAnError) {
  std::mt19937 numbers(1);
  std::size_t refused = 0;
  for (auto file : small_sources()) {
    if (file.empty()) continue;
    const auto sound = file;
    for (int i = 0; i < 40; ++i) {
      // Half of the flips hit the headers.
      const auto reach =
          i % 2 ? file.size() : std::min<std::size_t>(file.size(), 64);
      file[numbers() % reach] ^= std::byte{1} << numbers() % 8;
      if (!try_decode(file)) ++refused;
      if (i % 4 == 3) file = sound;
    }
  }
  EXPECT_GT(refused, 500U);
}

TEST(Damage, OfLargeNumbersInHeadersIsAPictureOrAnError) {
  std::size_t refused = 0;
  for (const auto& sound : small_sources())
    for (std::size_t at = 0; at + 4 <= std::min<std::size_t>(sound.size(), 96);
         at += 2) {
      auto file = sound;
      std::fill_n(file.begin() + static_cast<std::ptrdiff_t>(at), 4,
                  std::byte{0xFF});
      if (!try_decode(file)) ++refused;
    }
  EXPECT_GT(refused, 1000U);
}

}  // namespace
}  // namespace igrot
