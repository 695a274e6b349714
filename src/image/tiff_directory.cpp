#include "image/tiff_directory.h"

#include <algorithm>

#include "image/decoder.h"

namespace igrot {
namespace {

struct TypeRow {
  std::uint16_t type;
  std::size_t unit;
  bool is_whole;
};

// TIFF 6.0, section 2, and BigTIFF's types.
constexpr std::array types{
    TypeRow{1, 1, true},   TypeRow{2, 1, false},  TypeRow{3, 2, true},
    TypeRow{4, 4, true},   TypeRow{5, 8, false},  TypeRow{6, 1, true},
    TypeRow{7, 1, false},  TypeRow{8, 2, true},   TypeRow{9, 4, true},
    TypeRow{10, 8, false}, TypeRow{11, 4, false}, TypeRow{12, 8, false},
    TypeRow{13, 4, true},  TypeRow{16, 8, true},
};

constexpr std::size_t value_bytes(bool is_big_tiff) {
  return is_big_tiff ? 8 : 4;
}

// As PIL: only a little-endian 43 marks a BigTIFF.
bool is_big_tiff(Bytes file) {
  return file.size() > 2 && file[2] == std::byte{43};
}

}  // namespace

TiffDirectory::TiffDirectory(Bytes file)
    : big_endian_(starts_with(file, "MM")) {
  const auto size = value_bytes(is_big_tiff(file));
  const auto at = is_big_tiff(file) ? 8U : 4U;
  const auto offset = load(subspan(file, at, size, "header"), size);
  if (offset == 0) fail(ErrorKind::corrupt, "there is no picture in it");
  read(file, offset, is_big_tiff(file));
}

TiffDirectory::TiffDirectory(Bytes file, std::uint64_t offset)
    : big_endian_(starts_with(file, "MM")) {
  read(file, offset, is_big_tiff(file));
}

std::uint64_t TiffDirectory::load(Bytes bytes, std::size_t size) const {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const auto byte = bytes[big_endian_ ? i : size - 1 - i];
    value = value << 8 | static_cast<std::uint64_t>(byte);
  }
  return value;
}

void TiffDirectory::read(Bytes file, std::uint64_t offset, bool is_big_tiff) {
  const std::size_t count_bytes = is_big_tiff ? 8 : 2;
  const std::size_t entry_bytes = 4 + 2 * value_bytes(is_big_tiff);
  if (offset > file.size()) return;
  auto rest = file.subspan(static_cast<std::size_t>(offset));
  if (rest.size() < count_bytes) return;
  const auto count = load(rest, count_bytes);
  rest = rest.subspan(count_bytes);
  for (std::uint64_t i = 0; i < count && rest.size() >= entry_bytes; ++i) {
    if (!add(file, rest.first(entry_bytes), is_big_tiff)) return;
    rest = rest.subspan(entry_bytes);
  }
  if (rest.size() >= value_bytes(is_big_tiff))
    next_ = load(rest, value_bytes(is_big_tiff));
}

bool TiffDirectory::add(Bytes file, Bytes entry, bool is_big_tiff) {
  const auto type = load(entry.subspan(2), 2);
  const auto row = std::ranges::find(types, type, &TypeRow::type);
  if (row == types.end()) return true;
  const auto inline_bytes = value_bytes(is_big_tiff);
  const auto count = load(entry.subspan(4), inline_bytes);
  if (count == 0) return true;
  if (count > file.size()) return false;
  const auto size = static_cast<std::size_t>(count) * row->unit;
  auto data = entry.last(inline_bytes);
  if (size > inline_bytes) {
    const auto offset = load(data, inline_bytes);
    if (offset > file.size() || size > file.size() - offset) return false;
    data = file.subspan(static_cast<std::size_t>(offset), size);
  }
  entries_.push_back({static_cast<std::uint16_t>(load(entry, 2)), row->unit,
                      row->is_whole, data.first(size)});
  return true;
}

// Of a tag given twice PIL keeps the last.
const TiffDirectory::Entry* TiffDirectory::find(TiffTag tag) const {
  const auto entry = std::find_if(
      entries_.rbegin(), entries_.rend(),
      [&](const Entry& e) { return e.tag == static_cast<std::uint16_t>(tag); });
  return entry == entries_.rend() ? nullptr : &*entry;
}

Bytes TiffDirectory::bytes(TiffTag tag) const {
  const auto* entry = find(tag);
  return entry ? entry->data : Bytes{};
}

void TiffDirectory::check_whole(const Entry& entry) {
  if (!entry.is_whole)
    fail(ErrorKind::corrupt, "tag {} does not hold whole numbers", entry.tag);
}

std::optional<std::vector<std::uint64_t>> TiffDirectory::numbers(
    TiffTag tag) const {
  const auto* entry = find(tag);
  if (!entry) return std::nullopt;
  check_whole(*entry);
  std::vector<std::uint64_t> values(entry->data.size() / entry->unit);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = load(entry->data.subspan(i * entry->unit), entry->unit);
  return values;
}

std::optional<std::uint64_t> TiffDirectory::number(TiffTag tag) const {
  const auto* entry = find(tag);
  if (!entry) return std::nullopt;
  check_whole(*entry);
  return load(entry->data, entry->unit);
}

}  // namespace igrot
