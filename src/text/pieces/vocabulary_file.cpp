#include "text/pieces/vocabulary_file.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <optional>

#include "base/fail.h"

namespace igrot::text {
namespace {

using Bytes = std::span<const std::byte>;

constexpr std::size_t most_pieces = std::size_t{1} << 20;
constexpr std::size_t longest_piece = 512;  // bounds the work a character makes
constexpr std::size_t largest_self_test = std::size_t{64} << 10;

[[noreturn]] void fail_corrupt(std::string_view why) {
  fail(ErrorKind::corrupt, "is no SentencePiece model: {}", why);
}

std::uint32_t read_u32(Bytes bytes, std::size_t at) {
  static_assert(std::endian::native == std::endian::little);
  std::uint32_t number = 0;
  std::memcpy(&number, bytes.data() + at, sizeof number);
  return number;
}

/// One field of a protobuf message: a number, or bytes.
struct Field {
  std::uint64_t number = 0;
  std::uint64_t value = 0;
  Bytes bytes;
  bool has_bytes = false;
};

/// The fields of a message, in order.
class Fields {
 public:
  explicit Fields(Bytes message) : left_(message) {}

  std::optional<Field> next() {
    if (left_.empty()) return std::nullopt;
    const auto tag = varint();
    Field field;
    field.number = tag >> 3;
    switch (tag & 7) {
      case 0:
        field.value = varint();
        break;
      case 1:
        take(8);
        break;
      case 2:
        field.bytes = take(varint());
        field.has_bytes = true;
        break;
      case 5:
        field.value = read_u32(take(4), 0);
        break;
      default:
        fail_corrupt("a field of an unknown kind");
    }
    return field;
  }

 private:
  Bytes take(std::uint64_t count) {
    if (count > left_.size()) fail_corrupt("it ends too early");
    const auto taken = left_.first(static_cast<std::size_t>(count));
    left_ = left_.subspan(taken.size());
    return taken;
  }

  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = std::to_integer<std::uint64_t>(take(1).front());
      value |= (byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
    fail_corrupt("a number without an end");
  }

  Bytes left_;
};

void check_piece(Bytes message) {
  Fields fields(message);
  std::size_t size = 0;
  while (const auto field = fields.next()) {
    if (field->number == 1) {
      size = field->bytes.size();
      for (const auto byte : field->bytes)
        if (byte == std::byte{0}) fail_corrupt("a piece with a zero in it");
    }
    const auto bits = static_cast<std::uint32_t>(field->value);
    if (field->number == 2 && !std::isfinite(std::bit_cast<float>(bits)))
      fail_corrupt("a score that is not a number");
  }
  if (size == 0) fail_corrupt("a piece without characters");
  if (size > longest_piece)
    fail(ErrorKind::unsupported, "a piece of {} bytes is over the limit of {}",
         size, longest_piece);
}

// A unit of the double array: bits 0..7 and 31 label, 8 has a leaf, 9 the
// offset is shifted, 10..30 offset. A child's place is that of its parent, its
// offset and its label, xored; a leaf's unit is its value.
constexpr std::uint32_t is_leaf = 1U << 31;
constexpr std::uint32_t has_leaf = 1U << 8;

std::uint32_t unit_offset(std::uint32_t unit) {
  return (unit >> 10) << ((unit & (1U << 9)) >> 6);
}

std::uint32_t unit_at(Bytes units, std::size_t i) {
  return read_u32(units, i * sizeof(std::uint32_t));
}

void check_double_array(Bytes units, std::size_t targets) {
  const auto count = units.size() / sizeof(std::uint32_t);
  for (std::size_t i = 0; i < count; ++i) {
    const auto unit = unit_at(units, i);
    if (i > 0 && (unit & is_leaf)) continue;  // a value: no byte leads there
    const auto base = i ^ unit_offset(unit);
    if ((base | 0xFFU) >= count)
      fail_corrupt("its table of normal forms leads out of itself");
    if (!(unit & has_leaf)) continue;
    const auto value = unit_at(units, base) & ~is_leaf;
    if (value >= targets)
      fail_corrupt("its table of normal forms leads out of its texts");
  }
}

/// Four bytes of size, a double array, texts that end in 0.
void check_normal_forms(Bytes table) {
  if (table.empty()) return;
  if (table.size() < sizeof(std::uint32_t))
    fail_corrupt("its table of normal forms ends too early");
  const std::size_t size = read_u32(table, 0);
  const auto rest = table.subspan(sizeof(std::uint32_t));
  if (size == 0 || size % sizeof(std::uint32_t) != 0 || size >= rest.size())
    fail_corrupt("the size of its table of normal forms");
  if (rest.back() != std::byte{0})
    fail_corrupt("its table of normal forms has no end");
  check_double_array(rest.first(size), rest.size() - size);
}

void check_normalizer(Bytes message) {
  constexpr std::uint64_t normal_forms = 2;
  Fields fields(message);
  bool found = false;
  while (const auto field = fields.next()) {
    if (field->number != normal_forms) continue;
    if (found) fail_corrupt("two tables of normal forms");
    found = true;
    check_normal_forms(field->bytes);
  }
}

void check_self_test(Bytes message) {
  if (message.size() > largest_self_test)
    fail(ErrorKind::unsupported, "a test of {} bytes is over the limit of {}",
         message.size(), largest_self_test);
}

void check_nothing(Bytes /*message*/) {}

/// One row a field of ModelProto that the library reads.
struct Part {
  std::uint64_t number;
  std::size_t most;
  std::string_view name;
  void (*check)(Bytes);
};

constexpr std::array parts{Part{1, most_pieces, "pieces", check_piece},
                           Part{2, 1, "trainer_spec", check_nothing},
                           Part{3, 1, "normalizer_spec", check_normalizer},
                           Part{4, 1, "self_test_data", check_self_test},
                           Part{5, 1, "denormalizer_spec", check_normalizer}};

}  // namespace

void check_vocabulary_file(Bytes bytes) {
  std::array<std::size_t, parts.size()> counts{};
  Fields fields(bytes);
  while (const auto field = fields.next())
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (parts[i].number != field->number) continue;
      if (!field->has_bytes) fail_corrupt(parts[i].name);
      if (++counts[i] > parts[i].most)
        fail(ErrorKind::unsupported, "more than {} of '{}'", parts[i].most,
             parts[i].name);
      parts[i].check(field->bytes);
    }
  if (counts.front() == 0) fail_corrupt("it has no pieces");
}

}  // namespace igrot::text
