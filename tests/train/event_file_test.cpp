#include "train/event_file.h"

#include <gmock/gmock.h>

#include <ctime>
#include <vector>

#include "base/file.h"
#include "igrot/error.h"
#include "tests/temporary_folder.h"

namespace igrot {
namespace {

using testing::HasSubstr;
using Values = std::vector<std::pair<std::string, float>>;

std::uint32_t unmasked(std::uint32_t masked) {
  const auto turned = masked - 0xA282EAD8U;
  return turned << 15U | turned >> 17U;
}

/// The data of every record, after checking both of its sums.
std::vector<std::string> records(const std::filesystem::path& file) {
  const auto content = read_file(file, 1 << 20);
  ByteReader reader(content, "event file");
  std::vector<std::string> records;
  while (reader.left() > 0) {
    const auto length = reader.take(8);
    EXPECT_EQ(unmasked(reader.little<std::uint32_t>()), crc32c(length));
    const auto data = reader.take(load_little<std::uint64_t>(length));
    EXPECT_EQ(unmasked(reader.little<std::uint32_t>()), crc32c(data));
    records.emplace_back(as_text(data));
  }
  return records;
}

std::string bytes(std::initializer_list<int> values) {
  std::string bytes;
  for (const auto value : values) bytes += static_cast<char>(value);
  return bytes;
}

/// An Event after its time, which is field 1: a double.
std::string after_time(const std::string& event) {
  EXPECT_EQ(event.substr(0, 1), bytes({0x09}));
  return event.substr(9);
}

double time_of(const std::string& event) {
  return load_little<double>(as_bytes(event).subspan(1));
}

TEST(Crc32c, IsThatOfTheStandard) {
  EXPECT_EQ(crc32c(as_bytes("123456789")), 0xE3069283U);
  EXPECT_EQ(crc32c(as_bytes(std::string(32, '\0'))), 0x8A9136AAU);  // RFC 3720
  EXPECT_EQ(crc32c({}), 0U);
}

TEST(EventFile, BeginsWithItsVersionAndTheFirstStepOfTheRun) {
  const TemporaryFolder folder;
  const EventFile file(folder.path(), 199);
  const auto written = records(file.path());
  ASSERT_EQ(written.size(), 2);
  EXPECT_EQ(after_time(written[0]),
            bytes({0x10, 0, 0x1A, 13}) + "brain.Event:2");
  // Step 200 as two groups of seven bits; a session log with status START.
  EXPECT_EQ(after_time(written[1]),
            bytes({0x10, 0xC8, 0x01, 0x3A, 2, 0x08, 1}));
}

TEST(EventFile, HoldsNumbersByNameAndStepAsSoonAsTheyAreGiven) {
  const TemporaryFolder folder;
  EventFile file(folder.path(), 0);
  const auto before = std::time(nullptr);
  file.scalars(3, Values{{"loss", 1.0F}, {"lr", -2.0F}});
  const auto event = records(file.path()).back();
  EXPECT_EQ(after_time(event),
            bytes({0x10, 3, 0x2A, 24}) + bytes({0x0A, 11, 0x0A, 4}) + "loss" +
                bytes({0x15, 0, 0, 0x80, 0x3F}) + bytes({0x0A, 9, 0x0A, 2}) +
                "lr" + bytes({0x15, 0, 0, 0, 0xC0}));
  EXPECT_NEAR(time_of(event), static_cast<double>(before), 60);
}

TEST(EventFile, SortsBehindThoseOfEarlierRunsWhateverTheClock) {
  const TemporaryFolder folder;
  AtomicFile(folder / "events.out.tfevents.9999999990.elsewhere").commit();
  const EventFile first(folder.path(), 0);
  const EventFile second(folder.path(), 0);
  EXPECT_THAT(first.path().filename(), HasSubstr("tfevents.9999999991."));
  EXPECT_LT(first.path(), second.path());
  EXPECT_EQ(second.path().extension(), ".igrot");
}

TEST(EventFile, SaysThatItCannotBeWritten) {
  const TemporaryFolder folder;
  try {
    const EventFile file(folder / "missing", 0);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::io);
    EXPECT_THAT(error.what(), HasSubstr("missing"));
  }
}

}  // namespace
}  // namespace igrot
