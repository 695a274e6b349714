// Memory while indexing.
#include <fstream>

#include "tests/gallery/sample.h"
#include "tests/sanitized.h"

namespace igrot {
namespace {

std::size_t anonymous_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (std::size_t kib = 0; word == "RssAnon:" && status >> kib) return kib;
  return 0;
}

/// Indexes `count` files as the program does; anonymous memory at the end.
std::size_t index(unsigned count) {
  constexpr std::size_t width = 512;
  const TemporaryFolder folder;
  auto gallery = Gallery::create_or_open(folder / "g", sample_model(width));
  auto scan = gallery.begin_scan();
  for (unsigned i = 0; i < count; ++i)
    scan.see({folder / ("picture-number-" + std::to_string(i)), 1000 + i, 5});
  scan.finish([](const auto&) { return std::nullopt; });
  const auto vector = sample_vector(1, width);
  for (auto files = scan.next(250); !files.empty(); files = scan.next(250)) {
    std::vector<NewItem> items;
    for (const auto& file : files) {
      items.push_back(sample_item(file.file.path, 1, vector));
      items.back().content_hash = std::string(64, 'f');
    }
    gallery.append(items);
  }
  EXPECT_EQ(gallery.counts().indexed, count);
  return anonymous_kib();
}

// 20,000 files are 40 MB of vectors and 4 MB of items; SQLite's page caches,
// a quarter of a MiB each, fill on the way.
TEST(Indexing, TakesNoMoreMemoryForMorePictures) {
  if (sanitized || anonymous_kib() == 0) GTEST_SKIP();
  index(1000);
  const auto few = index(1000);
  const auto many = index(20'000);
  EXPECT_LT(many, few + 2 * 1024);
  RecordProperty("few_kib", static_cast<int>(few));
  RecordProperty("many_kib", static_cast<int>(many));
  std::printf("RssAnon: %zu KiB for 1,000, %zu KiB for 20,000\n", few, many);
}

}  // namespace
}  // namespace igrot
