#include "label_file.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <span>

#include "base/fail.h"
#include "formats/npy.h"

namespace igrot::app {
namespace {

constexpr std::int64_t none = -1;
constexpr std::int64_t left_out = -1;  // in relevance

template <class Number>
std::vector<std::int64_t> widened(Bytes bytes) {
  std::vector<std::int64_t> values(bytes.size() / sizeof(Number));
  for (std::size_t i = 0; i < values.size(); ++i) {
    Number value;
    std::memcpy(&value, bytes.data() + i * sizeof(Number), sizeof value);
    values[i] = static_cast<std::int64_t>(value);
  }
  return values;
}

struct Widening {
  DType dtype;
  std::vector<std::int64_t> (*widen)(Bytes bytes);
};

constexpr std::array widenings{Widening{DType::boolean, widened<std::uint8_t>},
                               Widening{DType::u8, widened<std::uint8_t>},
                               Widening{DType::i8, widened<std::int8_t>},
                               Widening{DType::u16, widened<std::uint16_t>},
                               Widening{DType::i16, widened<std::int16_t>},
                               Widening{DType::u32, widened<std::uint32_t>},
                               Widening{DType::i32, widened<std::int32_t>},
                               Widening{DType::i64, widened<std::int64_t>}};

std::vector<std::int64_t> whole(std::span<const float> values) {
  std::vector<std::int64_t> numbers;
  for (const float value : values) {
    constexpr float exact_end = 16'777'216;  // 2^24
    if (value != std::nearbyint(value) || std::abs(value) >= exact_end)
      fail(ErrorKind::corrupt, "element {} is {}, expected a whole number",
           numbers.size(), value);
    numbers.push_back(static_cast<std::int64_t>(value));
  }
  return numbers;
}

std::size_t row_of(std::int64_t value, const WholeNumbers& numbers,
                   const LabelledSize& size) {
  const auto row = static_cast<std::size_t>(value);
  if (value < 0 || (size.gallery && row >= *size.gallery))
    fail(ErrorKind::corrupt, "{}: row {} of a gallery of {}", numbers.name,
         value,
         size.gallery ? std::to_string(*size.gallery) : "rows from 0 on");
  return row;
}

Labels class_labels(std::span<const std::int64_t> queries,
                    std::span<const std::int64_t> gallery) {
  std::map<std::int64_t, Rows> rows;
  for (std::size_t row = 0; row < gallery.size(); ++row)
    rows[gallery[row]].push_back(row);
  Labels labels{.kind = LabelKind::classes, .right = {}, .removed = {}};
  for (const auto label : queries) labels.right.push_back(rows[label]);
  return labels;
}

Labels relevance_labels(const WholeNumbers& numbers) {
  const auto columns = numbers.shape[1];
  Labels labels{.kind = LabelKind::relevance, .right = {}, .removed = {}};
  for (std::size_t q = 0; q < numbers.shape[0]; ++q) {
    labels.right.emplace_back();
    labels.removed.emplace_back();
    for (std::size_t row = 0; row < columns; ++row) {
      const auto value = numbers.values[q * columns + row];
      if (value == left_out)
        labels.removed.back().push_back(row);
      else if (value == 1)
        labels.right.back().push_back(row);
      else if (value != 0)
        fail(ErrorKind::corrupt,
             "{}: query {}, row {} is {}, expected 1 (right), 0 (wrong) or -1 "
             "(left out)",
             numbers.name, q, row, value);
    }
  }
  return labels;
}

bool is_relevance(const WholeNumbers& numbers, const LabelledSize& size) {
  return numbers.shape.size() == 2 && size.gallery &&
         numbers.shape[1] == *size.gallery &&
         std::ranges::all_of(numbers.values, [](std::int64_t value) {
           return value >= left_out && value <= 1;
         });
}

LabelKind kind_of(const WholeNumbers& numbers, const LabelledSize& size) {
  if (is_relevance(numbers, size)) return LabelKind::relevance;
  if (numbers.shape.size() == 2) return LabelKind::rows;
  return numbers.values.size() == size.queries ? LabelKind::target
                                               : LabelKind::classes;
}

/// Whether the shape is one of the kind's.
bool fits(const WholeNumbers& numbers, const LabelledSize& size,
          LabelKind kind) {
  const auto& shape = numbers.shape;
  if (kind == LabelKind::classes)
    return shape.size() == 1 && shape[0] > size.queries &&
           (!size.gallery || shape[0] == size.queries + *size.gallery);
  if (shape.empty() || shape[0] != size.queries) return false;
  if (kind == LabelKind::target) return shape.size() == 1;
  return shape.size() == 2 && (kind == LabelKind::rows || !size.gallery ||
                               shape[1] == *size.gallery);
}

[[noreturn]] void refuse_shape(const WholeNumbers& numbers,
                               const LabelledSize& size) {
  const auto gallery = size.gallery ? std::to_string(*size.gallery) : "G";
  const auto both = size.gallery ? std::to_string(size.queries + *size.gallery)
                                 : fmt::format("{} + G", size.queries);
  fail(ErrorKind::usage,
       "{0} has shape [{1}]; labels of {2} queries are [{2}] (the row that is "
       "right), [{3}] (classes of the queries, then of the gallery), "
       "[{2}, {4}] (1 right, 0 wrong, -1 left out) or [{2}, T] (rows that are "
       "right, -1 none)",
       numbers.name, fmt::join(numbers.shape, ", "), size.queries, both,
       gallery);
}

Labels labels_by_kind(const WholeNumbers& numbers, const LabelledSize& size,
                      LabelKind kind) {
  if (kind == LabelKind::automatic) kind = kind_of(numbers, size);
  if (!fits(numbers, size, kind)) refuse_shape(numbers, size);
  if (kind == LabelKind::relevance) return relevance_labels(numbers);
  const std::span<const std::int64_t> values = numbers.values;
  if (kind == LabelKind::classes)
    return class_labels(values.first(size.queries),
                        values.subspan(size.queries));
  return {.kind = kind, .right = read_row_lists(numbers, size), .removed = {}};
}

}  // namespace

void expect_numbers(const StoredTensor& stored, const std::string& name) {
  if (stored.size() == 0)
    fail(ErrorKind::corrupt, "{}: shape [{}] holds no numbers", name,
         fmt::join(stored.shape(), ", "));
}

WholeNumbers read_whole_numbers(const std::filesystem::path& path) {
  const auto stored = read_npy(path);
  expect_numbers(stored, path.string());
  WholeNumbers numbers{path.string(), stored.shape(), {}};
  const auto row =
      std::ranges::find(widenings, stored.dtype(), &Widening::dtype);
  at(numbers.name, [&] {
    numbers.values = row == widenings.end() ? whole(stored.to_tensor().values())
                                            : row->widen(stored.bytes());
  });
  return numbers;
}

Labels read_labels(const WholeNumbers& numbers,
                   const std::optional<WholeNumbers>& gallery_classes,
                   const LabelledSize& size, LabelKind kind) {
  if (!gallery_classes) return labels_by_kind(numbers, size, kind);
  const auto expect = [](const WholeNumbers& labels, std::size_t count,
                         std::string_view what) {
    if (labels.values.size() != count)
      fail(ErrorKind::usage, "{} has {} labels for {} {}", labels.name,
           labels.values.size(), count, what);
  };
  expect(numbers, size.queries, "queries");
  if (size.gallery)
    expect(*gallery_classes, *size.gallery, "rows of the gallery");
  return class_labels(numbers.values, gallery_classes->values);
}

std::vector<Rows> read_row_lists(const WholeNumbers& numbers,
                                 const LabelledSize& size) {
  const auto& shape = numbers.shape;
  if (shape.empty() || shape.size() > 2 || shape[0] != size.queries)
    fail(ErrorKind::usage, "{} has shape [{}], expected [{}] or [{}, T]",
         numbers.name, fmt::join(shape, ", "), size.queries, size.queries);
  const auto columns = shape.size() == 2 ? shape[1] : 1;
  std::vector<Rows> lists(size.queries);
  for (std::size_t i = 0; i < numbers.values.size(); ++i)
    if (numbers.values[i] != none)
      lists[i / columns].push_back(row_of(numbers.values[i], numbers, size));
  return lists;
}

}  // namespace igrot::app
