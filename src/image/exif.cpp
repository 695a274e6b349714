#include "image/exif.h"

#include "image/decoder.h"

namespace igrot {
namespace {

constexpr std::uint16_t orientation_tag = 0x0112;
constexpr std::uint16_t short_type = 3;
constexpr std::uint16_t long_type = 4;

/// Numbers at offsets of a block in its byte order.
struct Block {
  Bytes bytes;
  bool big;

  bool holds(std::uint64_t offset, std::uint64_t size) const {
    return offset <= bytes.size() && size <= bytes.size() - offset;
  }
  template <class Number>
  Number at(std::size_t offset) const {
    const auto part = bytes.subspan(offset, sizeof(Number));
    return big ? load_big<Number>(part) : load_little<Number>(part);
  }
};

std::optional<std::uint32_t> number_of(const Block& block, std::size_t entry) {
  if (block.at<std::uint32_t>(entry + 4) != 1) return std::nullopt;
  switch (block.at<std::uint16_t>(entry + 2)) {
    case short_type:
      return block.at<std::uint16_t>(entry + 8);
    case long_type:
      return block.at<std::uint32_t>(entry + 8);
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<std::uint32_t> directory_number(Bytes bytes, std::uint16_t tag) {
  const Block block{bytes, starts_with(bytes, "MM")};
  if (!block.big && !starts_with(bytes, "II")) return std::nullopt;
  if (!block.holds(0, 8) || block.at<std::uint16_t>(2) != 42)
    return std::nullopt;
  const std::size_t directory = block.at<std::uint32_t>(4);
  if (!block.holds(directory, 2)) return std::nullopt;
  const std::size_t count = block.at<std::uint16_t>(directory);
  for (std::size_t i = 0; i < count; ++i) {
    const auto entry = directory + 2 + 12 * i;
    if (!block.holds(entry, 12)) return std::nullopt;
    if (block.at<std::uint16_t>(entry) == tag) return number_of(block, entry);
  }
  return std::nullopt;
}

int exif_orientation(Bytes block) {
  using namespace std::string_view_literals;
  if (starts_with(block, "Exif\0\0"sv)) block = block.subspan(6);
  const auto value = directory_number(block, orientation_tag).value_or(1);
  return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
}

}  // namespace igrot
