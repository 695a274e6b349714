// What a gallery keeps when its writer is killed.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <map>
#include <thread>

#include "tests/gallery/sample.h"

namespace igrot {
namespace {

constexpr std::size_t width = 96;

std::filesystem::path batch_file(unsigned batch, unsigned i) {
  return "/pictures/" + std::to_string(batch) + "-" + std::to_string(i);
}

unsigned batch_size(unsigned batch) {
  return batch % 5 + 1;
}

unsigned seed_of(unsigned batch, unsigned i) {
  return batch * 10 + i;
}

void append_batch(Gallery& gallery, unsigned batch) {
  std::vector<std::vector<float>> vectors;
  for (unsigned i = 0; i < batch_size(batch); ++i)
    vectors.push_back(sample_vector(seed_of(batch, i), width));
  std::vector<NewItem> items;
  for (unsigned i = 0; i < batch_size(batch); ++i)
    items.push_back(
        sample_item(batch_file(batch, i), seed_of(batch, i), vectors[i]));
  gallery.append(items);
}

/// Appends batch after batch, says which are committed, and now and then
/// makes dead rows and drops them.
[[noreturn]] void write_until_killed(const std::filesystem::path& folder,
                                     unsigned first_batch, int acknowledge) {
  auto gallery = Gallery::create_or_open(folder, sample_model(width));
  for (unsigned batch = first_batch;; ++batch) {
    append_batch(gallery, batch);
    if (::write(acknowledge, &batch, sizeof batch) != sizeof batch) ::_exit(1);
    append_sample(gallery, "/pictures/changing", batch);
    if (batch % 3 == 0) gallery.compact();
  }
}

/// Lets a child write, kills it after a while, and gives the batches that it
/// said were committed.
std::vector<unsigned> run_and_kill(const std::filesystem::path& folder,
                                   unsigned first_batch,
                                   std::chrono::microseconds life) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
  const auto child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    write_until_killed(folder, first_batch, ends[1]);
  }
  ::close(ends[1]);
  std::this_thread::sleep_for(life);
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the writer failed by itself";
  std::vector<unsigned> batches;
  for (unsigned batch = 0;
       ::read(ends[0], &batch, sizeof batch) == sizeof batch;)
    batches.push_back(batch);
  ::close(ends[0]);
  return batches;
}

using Contents = std::map<std::string, std::vector<float>>;

Contents contents(const Gallery& gallery) {
  Contents contents;
  gallery.snapshot().each(
      ItemKind::all, [&](const Item& item, std::span<const float> row) {
        contents[item.file.path.string()] = {row.begin(), row.end()};
      });
  return contents;
}

/// Batches up to `last` are there in full; the next one in full or not at all.
unsigned expect_batches(const Contents& found, unsigned last) {
  unsigned count = 0;
  for (unsigned batch = 1; batch <= last + 1; ++batch) {
    unsigned there = 0;
    for (unsigned i = 0; i < batch_size(batch); ++i) {
      const auto item = found.find(batch_file(batch, i).string());
      if (item == found.end()) continue;
      ++there;
      EXPECT_EQ(item->second, sample_vector(seed_of(batch, i), width));
    }
    const bool absent = batch > last && there == 0;
    EXPECT_EQ(there, absent ? 0 : batch_size(batch)) << "batch " << batch;
    if (!absent) count = batch;
  }
  return count;
}

TEST(KilledWriter, LosesNothingItCommitted) {
  const TemporaryFolder folder;
  { Gallery::create_or_open(folder / "g", sample_model(width)); }
  std::mt19937 random(1);
  unsigned last = 0;
  for (int kill = 0; kill < 48; ++kill) {
    const std::chrono::microseconds life(random() % 60'000);
    const auto committed = run_and_kill(folder / "g", last + 1, life);
    if (!committed.empty()) last = committed.back();
    {
      const auto reader = Gallery::open(folder / "g", Access::read);
      last = expect_batches(contents(reader), last);
      ASSERT_THAT(reader.check().problems, testing::IsEmpty());
    }
    auto writer = Gallery::create_or_open(folder / "g", sample_model(width));
    append_batch(writer, ++last);
    ASSERT_EQ(expect_batches(contents(writer), last), last);
    ASSERT_THAT(writer.check().problems, testing::IsEmpty());
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(last, 60U) << "the writers never got far";
}

TEST(KilledWriter, LeavesNoFileBehindAfterTheNextOpening) {
  const TemporaryFolder folder;
  {
    auto gallery = Gallery::create_or_open(folder / "g", sample_model(width));
    append_batch(gallery, 1);
  }
  // As after a kill in the middle of an append, and of a compaction.
  const auto size = std::filesystem::file_size(folder / "g/vectors.bin");
  std::filesystem::resize_file(folder / "g/vectors.bin", size + 1000);
  std::filesystem::copy_file(folder / "g/vectors.bin",
                             folder / "g/vectors.1.bin");
  const auto reader = Gallery::open(folder / "g", Access::read);
  EXPECT_EQ(std::filesystem::file_size(folder / "g/vectors.bin"), size + 1000)
      << "only the writer cuts";
  { Gallery::create_or_open(folder / "g", sample_model(width)); }
  EXPECT_EQ(std::filesystem::file_size(folder / "g/vectors.bin"), size);
  EXPECT_FALSE(std::filesystem::exists(folder / "g/vectors.1.bin"));
  EXPECT_TRUE(reader.check().problems.empty());
}

}  // namespace
}  // namespace igrot
