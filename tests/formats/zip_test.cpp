#include "formats/zip.h"

#include <gmock/gmock.h>
#include <zlib.h>

#include "formats/checkpoint.h"
#include "formats/zip_writer.h"
#include "tests/formats/sample_files.h"
#include "tests/temporary_folder.h"

namespace igrot {
namespace {

using testing::HasSubstr;

std::string archive(const Records& records,
                    std::uint64_t wide_from = zip::elsewhere32) {
  const TemporaryFolder folder;
  AtomicFile file(folder / "x");
  ZipWriter writer(file, wide_from);
  for (const auto& [name, content] : records)
    writer.add(name, as_bytes(content));
  writer.finish();
  file.commit();
  return std::string(as_text(MappedFile::open(folder / "x").bytes()));
}

std::string refusal(const std::string& content) {
  try {
    const ZipArchive archive(as_bytes(content));
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

/// `content` with the bytes at the `nth` place where `find` stands, plus
/// `offset`, replaced.
std::string patched(std::string content, std::string_view find,
                    std::size_t offset, std::string_view bytes) {
  const auto place = content.find(find);
  EXPECT_NE(place, std::string::npos);
  return content.replace(place + offset, bytes.size(), bytes);
}

const Records two{{"a/x", "hello"}, {"a/yy", "world!"}};

TEST(Zip, FindsRecordsByTheirExactName) {
  const auto content = archive(two);
  const ZipArchive zip(as_bytes(content));
  ASSERT_NE(zip.find("a/yy"), nullptr);
  EXPECT_EQ(as_text(zip.find("a/yy")->bytes), "world!");
  EXPECT_EQ(zip.find("a/y"), nullptr);
  EXPECT_EQ(zip.find("/a/yy"), nullptr);
}

TEST(Zip, ReadsZip64Fields) {
  for (const std::uint64_t wide_from : {0, 1, 6, 60}) {
    const auto content = archive(two, wide_from);
    const ZipArchive zip(as_bytes(content));
    ASSERT_EQ(zip.records().size(), 2U) << wide_from;
    EXPECT_EQ(as_text(zip.find("a/x")->bytes), "hello") << wide_from;
    EXPECT_EQ(as_text(zip.find("a/yy")->bytes), "world!") << wide_from;
  }
}

TEST(Zip, ReadsAnArchiveWithoutZip64Records) {
  auto content = archive(two);
  const auto end64 = content.find("PK\6\6");
  content.erase(end64, zip::end64_bytes + zip::locator64_bytes);
  EXPECT_EQ(refusal(content), "");
}

TEST(Zip, ReadsAnArchiveWithAComment) {
  auto content = archive(two);
  content.replace(content.size() - 2, 2, std::string("\5\0PK\5\6!", 7));
  EXPECT_EQ(refusal(content), "");
}

TEST(Zip, RefusesWhatFollowsTheEndRecord) {
  EXPECT_THAT(refusal(archive(two) + "x"), HasSubstr("no end record"));
}

TEST(Zip, RefusesEqualNames) {
  EXPECT_THAT(refusal(archive({{"a/x", "1"}, {"a/x", "2"}})),
              HasSubstr("two records are named 'a/x'"));
}

TEST(Zip, RefusesZip64RecordsThatContradictTheEndRecord) {
  EXPECT_THAT(refusal(patched(archive(two), "PK\5\6", 10, "\1")),
              HasSubstr("several volumes"));
  EXPECT_THAT(refusal(patched(archive(two), "PK\5\6", 8,
                              std::string_view("\1\0\1\0", 4))),
              HasSubstr("entry count is 1, expected 2"));
  EXPECT_THAT(refusal(patched(archive(two), "PK\5\6", 16, "\1")),
              HasSubstr("directory offset"));
}

TEST(Zip, RefusesLocalHeadersThatDisagree) {
  const auto content = archive(two);
  EXPECT_THAT(refusal(patched(content, "PK\3\4", 8, "\x8")),
              HasSubstr("local method"));
  EXPECT_THAT(refusal(patched(content, "PK\3\4", 14, "\x1")),
              HasSubstr("local CRC"));
  EXPECT_THAT(refusal(patched(content, "PK\3\4", 22, "\x1")),
              HasSubstr("local size"));
  EXPECT_THAT(refusal(patched(content, "PK\3\4", 30, "b")),
              HasSubstr("another name"));
}

TEST(Zip, RefusesOverlappingRecords) {
  // The first record, by both its headers, reaches over the second.
  auto content = archive(two);
  const std::string size = little(std::uint32_t{30});
  for (const auto* signature : {"PK\3\4", "PK\1\2"}) {
    const std::size_t at = signature[2] == 3 ? 18 : 20;
    content = patched(content, signature, at, size + size);
  }
  EXPECT_THAT(refusal(content), HasSubstr("records overlap"));
}

TEST(Zip, RefusesRecordsThatInflateBeyondReason) {
  auto content = archive(two);
  const std::string huge = little(std::uint32_t{0x7FFFFFFF});
  content = patched(content, "PK\3\4", 8, "\x8");
  content = patched(content, "PK\3\4", 22, huge);
  content = patched(content, "PK\1\2", 10, "\x8");
  content = patched(content, "PK\1\2", 24, huge);
  EXPECT_THAT(refusal(content), HasSubstr("would inflate to 2147483647"));
}

/// One record `content`, deflated, declared with the given size and CRC.
std::string unpack(const std::string& content, std::uint64_t declared,
                   std::uint32_t crc, std::size_t packed_less = 0) {
  std::string deflated(content.size() + 100, '\0');
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(deflated.data());
  stream.avail_out = static_cast<uInt>(deflated.size());
  deflate(&stream, Z_FINISH);
  deflated.resize(stream.total_out - packed_less);
  deflateEnd(&stream);

  const TemporaryFolder folder;
  write_file(folder / "x", deflated);
  const auto file = std::make_shared<ContainerFile>(
      ContainerFile{"x", MappedFile::open(folder / "x")});
  Packed packed(file->bytes());
  packed.size_bytes = declared;
  packed.deflated = true;
  packed.crc = crc;
  packed.name = "r";
  const Storage storage(file, packed);
  try {
    return std::string(as_text(storage.bytes()));
  } catch (const Error& error) {
    return error.what();
  }
}

TEST(Storage, InflatesExactlyWhatIsDeclared) {
  const std::string text = repeated(1000, "abc");
  const auto crc = static_cast<std::uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(text.data()), 3000));
  EXPECT_EQ(unpack(text, 3000, crc), text);
  EXPECT_EQ(unpack("", 0, 0), "");
  EXPECT_EQ(unpack(text, 2999, crc),
            "r: inflates to more than the 2999 bytes declared");
  EXPECT_EQ(unpack(text, 3001, crc),
            "r: inflates to 3000 bytes, expected 3001");
  EXPECT_EQ(unpack(text, 3000, crc, 1), "r: its deflate stream is damaged");
  EXPECT_THAT(unpack(text, 3000, crc + 1), HasSubstr("CRC-32"));
}

TEST(TorchZip, ChecksTheCrcOfARecordWhenItIsUsed) {
  const TemporaryFolder folder;
  write_checkpoint(folder / "x",
                   '}' + pickled("w") + pickled_view({2, 3}, {3, 1}) + "s.");
  std::string content(as_text(MappedFile::open(folder / "x").bytes()));
  content = patched(content, little(5.0F), 0, "\1");
  write_file(folder / "y", content);
  const auto checkpoint = Checkpoint::open(folder / "y");
  try {
    checkpoint.tensors()[0].tensor.bytes();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::corrupt);
    EXPECT_THAT(error.what(), testing::AllOf(HasSubstr("y: record 'a/data/0'"),
                                             HasSubstr("CRC-32")));
  }
}

std::string refusal_of(const Records& records) {
  const TemporaryFolder folder;
  write_archive(folder / "x", records);
  try {
    Checkpoint::open(folder / "x");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(TorchZip, RefusesArchivesOfSomethingElse) {
  EXPECT_THAT(refusal_of({{"word/document.xml", "<x/>"}}),
              HasSubstr("a zip archive without data.pkl"));
  EXPECT_THAT(refusal_of({{"data.pkl", "}."}}), HasSubstr("outside a folder"));
  EXPECT_THAT(refusal_of({{"/data.pkl", "}."}}), HasSubstr("outside a folder"));
  EXPECT_THAT(refusal_of({{"a/data.pkl", "}."}, {"b/x", ""}}),
              HasSubstr("'b/x' lies outside the folder 'a/'"));
}

TEST(TorchZip, RefusesBigEndianArchives) {
  EXPECT_EQ(refusal_of({{"a/data.pkl", "}."}, {"a/byteorder", "little"}}), "");
  EXPECT_THAT(refusal_of({{"a/data.pkl", "}."}, {"a/byteorder", "big"}}),
              HasSubstr("byte order 'big'"));
}

}  // namespace
}  // namespace igrot
