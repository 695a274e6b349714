// Every good file, cut short and with bytes changed: each ends in a value or an
// Error. What the sanitizers find here is the point of the test.
#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include "formats/checkpoint.h"
#include "formats/npy.h"
#include "tests/formats/sample_files.h"
#include "tests/temporary_folder.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> good_files() {
  std::vector<std::string> result;
  for (const auto* folder : {"torch", "safetensors"}) {
    const auto path = fs::path(IGROT_TEST_GOLDEN) / "formats" / folder;
    for (const auto& file : fs::directory_iterator(path))
      if (file.path().extension() != ".json")
        result.emplace_back(as_text(MappedFile::open(file.path()).bytes()));
  }
  const TemporaryFolder folder;
  write_npy(folder / "x", Tensor({2, 3}));
  result.emplace_back(as_text(MappedFile::open(folder / "x").bytes()));
  return result;
}

/// True when it loads, false when it is refused; anything else escapes.
bool loads(const fs::path& path, const std::string& content) {
  fs::remove(path);  // some file systems sync a file that is written over
  write_file(path, content);
  try {
    const auto checkpoint = Checkpoint::open(path);
    for (const auto& [name, tensor] : checkpoint.tensors()) tensor.bytes();
    return true;
  } catch (const Error&) {
    return false;
  }
}

TEST(DamagedFiles, AreNeverTakenForWholeOnesWhenCutShort) {
  const TemporaryFolder folder;
  for (const auto& good : good_files()) {
    ASSERT_TRUE(loads(folder / "x", good));
    for (std::size_t size = 0; size < good.size(); size += 1 + good.size() / 40)
      EXPECT_FALSE(loads(folder / "x", good.substr(0, size))) << size;
  }
}

TEST(DamagedFiles, EndInAValueOrAnError) {
  const TemporaryFolder folder;
  std::mt19937 random(1);
  std::size_t refused = 0;
  for (const auto& good : good_files()) {
    for (int round = 0; round < 200; ++round) {
      auto bad = good;
      for (int change = 0; change <= round % 3; ++change)
        bad[random() % bad.size()] = static_cast<char>(random());
      refused += !loads(folder / "x", bad);
    }
  }
  EXPECT_GT(refused, 3000U);
}

}  // namespace
}  // namespace igrot
