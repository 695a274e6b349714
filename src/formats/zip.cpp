#include "formats/zip.h"

#include <algorithm>
#include <numeric>

#include "formats/foreign_text.h"
#include "formats/limits.h"
#include "formats/zip_layout.h"

namespace igrot {
namespace {

/// Where the central directory lies.
struct Directory {
  std::uint64_t entries = 0;
  std::uint64_t size = 0;
  std::uint64_t offset = 0;
};

/// One entry of the central directory.
struct Entry {
  std::uint16_t flags = 0;
  std::uint16_t method = 0;
  std::uint32_t crc = 0;
  std::uint64_t packed_size = 0;
  std::uint64_t size = 0;
  std::uint64_t offset = 0;
  std::string_view name;
};

/// The bytes from the start of a record's header to the end of its data.
struct Span {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

template <class Number>
void expect(Number found, Number expected, std::string_view what) {
  if (found != expected)
    fail(ErrorKind::corrupt, "zip: {} is {}, expected {}", what, found,
         expected);
}

/// The end record is the last one whose comment reaches the end of the file.
std::size_t find_end(Bytes archive) {
  constexpr std::size_t longest_comment = 0xFFFF;
  if (archive.size() >= zip::end_bytes) {
    const auto last = archive.size() - zip::end_bytes;
    const auto first = last - std::min(last, longest_comment);
    for (auto at = last + 1; at-- > first;) {
      const auto rest = archive.subspan(at);
      if (load_little<std::uint32_t>(rest) == zip::end_signature &&
          load_little<std::uint16_t>(rest.subspan(20)) ==
              rest.size() - zip::end_bytes)
        return at;
    }
  }
  fail(ErrorKind::corrupt, "zip: no end record; the file may be cut short");
}

Directory read_end(Bytes archive, std::size_t end) {
  ByteReader reader(archive.subspan(end + 4), "zip end record");
  const auto disk = reader.little<std::uint16_t>();
  const auto directory_disk = reader.little<std::uint16_t>();
  const auto entries_here = reader.little<std::uint16_t>();
  Directory directory;
  directory.entries = reader.little<std::uint16_t>();
  directory.size = reader.little<std::uint32_t>();
  directory.offset = reader.little<std::uint32_t>();
  const auto is_first = [](std::uint16_t number) {
    return number == 0 || number == zip::elsewhere16;
  };
  if (!is_first(disk) || !is_first(directory_disk) ||
      entries_here != directory.entries)
    fail(ErrorKind::unsupported, "zip: archives of several volumes");
  return directory;
}

/// The zip64 end record, found through its locator right before `end`.
struct End64 {
  Directory directory;
  std::uint64_t at = 0;
};

bool has_end64(Bytes archive, std::size_t end) {
  return end >= zip::locator64_bytes &&
         load_little<std::uint32_t>(archive.subspan(
             end - zip::locator64_bytes)) == zip::locator64_signature;
}

End64 read_end64(Bytes archive, std::size_t end) {
  const auto locator_at = end - zip::locator64_bytes;
  ByteReader locator(archive.subspan(locator_at + 4), "zip64 locator");
  const auto disk = locator.little<std::uint32_t>();
  End64 result;
  result.at = locator.little<std::uint64_t>();
  const auto disks = locator.little<std::uint32_t>();
  ByteReader reader(subspan(archive.first(locator_at), result.at,
                            zip::end64_bytes, "zip64 end record"),
                    "zip64 end record");
  expect(reader.little<std::uint32_t>(), zip::end64_signature,
         "zip64 end record's signature");
  expect(reader.little<std::uint64_t>(), locator_at - result.at - 12,
         "zip64 end record's size");
  reader.take(4);  // versions
  const auto this_disk = reader.little<std::uint32_t>();
  const auto directory_disk = reader.little<std::uint32_t>();
  const auto entries_here = reader.little<std::uint64_t>();
  result.directory.entries = reader.little<std::uint64_t>();
  result.directory.size = reader.little<std::uint64_t>();
  result.directory.offset = reader.little<std::uint64_t>();
  if (disk != 0 || disks > 1 || this_disk != 0 || directory_disk != 0 ||
      entries_here != result.directory.entries)
    fail(ErrorKind::unsupported, "zip: archives of several volumes");
  return result;
}

/// A field of the end record may leave its number to the zip64 record, not
/// contradict it.
void expect_same(std::uint64_t narrow, std::uint64_t wide,
                 std::uint64_t elsewhere, std::string_view what) {
  if (narrow != elsewhere) expect(narrow, wide, what);
}

Directory find_directory(Bytes archive) {
  const auto end = find_end(archive);
  auto directory = read_end(archive, end);
  std::uint64_t directory_end = end;
  if (has_end64(archive, end)) {
    const auto wide = read_end64(archive, end);
    expect_same(directory.entries, wide.directory.entries, zip::elsewhere16,
                "entry count");
    expect_same(directory.size, wide.directory.size, zip::elsewhere32,
                "directory size");
    expect_same(directory.offset, wide.directory.offset, zip::elsewhere32,
                "directory offset");
    directory = wide.directory;
    directory_end = wide.at;
  }
  subspan(archive, directory.offset, directory.size, "zip: the directory");
  expect(directory.offset + directory.size, directory_end,
         "end of the directory");
  if (directory.entries > limits::zip_records)
    fail(ErrorKind::unsupported, "zip: {} records, at most {} are handled",
         directory.entries, limits::zip_records);
  return directory;
}

/// The zip64 extra field among `extra`, or nothing.
Bytes zip64_extra(Bytes extra) {
  ByteReader reader(extra, "zip extra field");
  while (reader.left() >= 4) {
    const auto id = reader.little<std::uint16_t>();
    const auto size = reader.little<std::uint16_t>();
    const auto field = reader.take(size);
    if (id == zip::zip64_field) return field;
  }
  return {};
}

/// `narrow`, or the next number of the zip64 field when it stands there.
std::uint64_t widened(std::uint32_t narrow, ByteReader& wide) {
  return narrow == zip::elsewhere32 && wide.left() >= 8
             ? wide.little<std::uint64_t>()
             : narrow;
}

Entry read_entry(ByteReader& reader) {
  Entry entry;
  expect(reader.little<std::uint32_t>(), zip::central_signature,
         "directory entry's signature");
  reader.take(4);  // versions
  entry.flags = reader.little<std::uint16_t>();
  entry.method = reader.little<std::uint16_t>();
  reader.take(4);  // time
  entry.crc = reader.little<std::uint32_t>();
  const auto packed_size = reader.little<std::uint32_t>();
  const auto size = reader.little<std::uint32_t>();
  const auto name_size = reader.little<std::uint16_t>();
  const auto extra_size = reader.little<std::uint16_t>();
  const auto comment_size = reader.little<std::uint16_t>();
  reader.take(8);  // disk, attributes
  const auto offset = reader.little<std::uint32_t>();
  entry.name = as_text(reader.take(name_size));
  ByteReader wide(zip64_extra(reader.take(extra_size)), "zip64 field");
  entry.size = widened(size, wide);
  entry.packed_size = widened(packed_size, wide);
  entry.offset = widened(offset, wide);
  reader.take(comment_size);
  return entry;
}

void check_readable(const Entry& entry) {
  if (entry.flags & zip::encryption_flags)
    fail(ErrorKind::unsupported, "encrypted");
  if (entry.flags & zip::patch_flag)
    fail(ErrorKind::unsupported, "patched data");
  if (entry.method != zip::stored && entry.method != zip::deflated)
    fail(ErrorKind::unsupported, "compression method {}", entry.method);
  if (entry.method == zip::stored && entry.packed_size != entry.size)
    fail(ErrorKind::corrupt, "stored {} bytes of {}", entry.packed_size,
         entry.size);
}

/// Reads the local header and returns where the record's data starts.
/// `before`: the archive up to its directory.
std::uint64_t check_local(Bytes before, const Entry& entry) {
  if (entry.offset > before.size())
    fail(ErrorKind::corrupt, "lies at {} of {}", entry.offset, before.size());
  ByteReader reader(before.subspan(entry.offset), "local header");
  expect(reader.little<std::uint32_t>(), zip::local_signature,
         "local signature");
  reader.take(2);  // version
  const auto flags = reader.little<std::uint16_t>();
  expect(reader.little<std::uint16_t>(), entry.method, "local method");
  reader.take(4);  // time
  const auto crc = reader.little<std::uint32_t>();
  const auto packed_size = reader.little<std::uint32_t>();
  const auto size = reader.little<std::uint32_t>();
  const auto name_size = reader.little<std::uint16_t>();
  const auto extra_size = reader.little<std::uint16_t>();
  if (as_text(reader.take(name_size)) != entry.name)
    fail(ErrorKind::corrupt, "its local header has another name");
  ByteReader wide(zip64_extra(reader.take(extra_size)), "zip64 field");
  if (!(flags & zip::sizes_follow_flag)) {
    expect(crc, entry.crc, "local CRC");
    expect(widened(size, wide), entry.size, "local size");
    expect(widened(packed_size, wide), entry.packed_size, "local packed size");
  }
  return entry.offset + reader.offset();
}

void check_disjoint(std::vector<Span> spans) {
  std::ranges::sort(spans, {}, &Span::begin);
  for (std::size_t i = 1; i < spans.size(); ++i)
    if (spans[i].begin < spans[i - 1].end)
      fail(ErrorKind::corrupt, "zip: records overlap at byte {}",
           spans[i].begin);
}

/// Deflate makes a thousand bytes of one; no trained weights do.
void check_inflation(const std::vector<ZipRecord>& records,
                     std::size_t archive_size) {
  std::uint64_t inflated = 0;
  for (const auto& record : records)
    if (record.deflated &&
        __builtin_add_overflow(inflated, record.size_bytes, &inflated))
      fail(ErrorKind::corrupt, "zip: size overflows");
  const auto limit = limits::expansion_bytes +
                     limits::inflation_factor * std::uint64_t{archive_size};
  if (inflated > limit)
    fail(ErrorKind::unsupported,
         "zip: {} bytes would inflate to {}, at most {} are allowed",
         archive_size, inflated, limit);
}

}  // namespace

ZipArchive::ZipArchive(Bytes archive) {
  const auto directory = find_directory(archive);
  const auto before = archive.first(directory.offset);
  ByteReader reader(archive.subspan(directory.offset, directory.size),
                    "zip directory");
  std::vector<Span> spans;
  for (std::uint64_t i = 0; i < directory.entries; ++i) {
    const auto entry = read_entry(reader);
    at("record " + in_quotes(entry.name), [&] {
      check_readable(entry);
      const auto begin = check_local(before, entry);
      const auto bytes = subspan(before, begin, entry.packed_size, "its data");
      spans.push_back({entry.offset, begin + bytes.size()});
      records_.push_back({entry.name, bytes, entry.size, entry.crc,
                          entry.method == zip::deflated});
    });
    has_checksums_ |= entry.crc != 0;
  }
  expect(reader.left(), std::size_t{0}, "rest of the directory");
  check_disjoint(std::move(spans));
  check_inflation(records_, archive.size());

  const auto name = [&](std::uint32_t i) { return records_[i].name; };
  by_name_.resize(records_.size());
  std::iota(by_name_.begin(), by_name_.end(), 0U);
  std::ranges::sort(by_name_, {}, name);
  const auto twice = std::ranges::adjacent_find(by_name_, {}, name);
  if (twice != by_name_.end())
    fail(ErrorKind::corrupt, "zip: two records are named {}",
         in_quotes(name(*twice)));
}

const ZipRecord* ZipArchive::find(std::string_view name) const {
  const auto found = std::ranges::lower_bound(
      by_name_, name, {}, [&](std::uint32_t i) { return records_[i].name; });
  if (found == by_name_.end() || records_[*found].name != name) return nullptr;
  return &records_[*found];
}

Packed ZipArchive::packed(const ZipRecord& record) const {
  Packed packed;
  packed.bytes = record.bytes;
  packed.size_bytes = record.size_bytes;
  packed.deflated = record.deflated;
  packed.name = "record " + in_quotes(record.name);
  if (has_checksums_) packed.crc = record.crc;
  return packed;
}

}  // namespace igrot
