#include "image/resample_rows.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

#include <algorithm>
#include <array>
#include <cstring>

namespace igrot {
namespace {

// Sums a vector of AVX2 holds; windows are cut into steps of as many bytes.
constexpr std::size_t lane_count = 8;

// Half of the last bit that is kept, so that the shift rounds.
constexpr std::int32_t rounding = 1 << (weight_bits - 1);

/// Rows filtered together, so that a weight is loaded once for all.
constexpr std::size_t rows_at_once = 4;

std::uint8_t clip(std::int32_t sum) {
  return static_cast<std::uint8_t>(std::clamp(sum >> weight_bits, 0, 255));
}

/// Windows in steps of eight bytes of source: each weight stands once for every
/// channel of its pixel, and 0 fills the last step.
struct Steps {
  struct Window {
    std::size_t byte;  // of the source row
    std::size_t first;
    std::size_t count;
  };
  std::vector<Window> windows;
  std::vector<std::int32_t> weights;  // eight a step
};

Steps steps_of(const Weights& weights, std::size_t channels) {
  Steps steps;
  for (const auto& window : weights.windows) {
    const auto first = steps.weights.size() / lane_count;
    for (std::size_t i = 0; i < window.count; ++i)
      steps.weights.insert(steps.weights.end(), channels,
                           fixed_weight(weights.values[window.offset + i]));
    const auto size = steps.weights.size();
    steps.weights.resize((size + lane_count - 1) / lane_count * lane_count);
    steps.windows.push_back({window.start * channels, first,
                             steps.weights.size() / lane_count - first});
  }
  return steps;
}

/// What a pass over rows works on: `rows_at_once` rows of `stride` bytes, whose
/// pixels take `stored` bytes, of which `channels` are wanted.
struct RowsJob {
  const std::uint8_t* rows;
  std::size_t stride;
  std::size_t channels;
  std::size_t stored;
  std::uint8_t* out;
  std::size_t out_stride;
};

void filter_rows_plain(const RowsJob& job, const Steps& steps) {
  auto* out = job.out;
  for (const auto& window : steps.windows) {
    const auto* weights = steps.weights.data() + window.first * lane_count;
    for (std::size_t r = 0; r < rows_at_once; ++r)
      for (std::size_t c = 0; c < job.channels; ++c) {
        const auto* source = job.rows + r * job.stride + window.byte;
        std::int32_t sum = rounding;
        for (auto i = c; i < window.count * lane_count; i += job.stored)
          sum += source[i] * weights[i];
        out[r * job.out_stride + c] = clip(sum);
      }
    out += job.channels;
  }
}

/// Bytes summed at once in the other direction.
constexpr std::size_t block = 4 * lane_count;

void filter_columns_plain(const std::uint8_t* source, std::size_t stride,
                          const std::int32_t* weights, std::size_t count,
                          std::uint8_t* out) {
  for (std::size_t x = 0; x < stride; x += block) {
    std::array<std::int32_t, block> sums;
    sums.fill(rounding);
    for (std::size_t i = 0; i < count; ++i)
      for (std::size_t lane = 0; lane < block; ++lane)
        sums[lane] += source[i * stride + x + lane] * weights[i];
    for (std::size_t lane = 0; lane < block; ++lane)
      out[x + lane] = clip(sums[lane]);
  }
}

using FilterRows = void(const RowsJob&, const Steps&);
using FilterColumns = void(const std::uint8_t*, std::size_t,
                           const std::int32_t*, std::size_t, std::uint8_t*);

#ifdef __x86_64__
/// Eight bytes as eight numbers.
[[gnu::target("avx2")]] inline __m256i load_bytes(const std::uint8_t* source) {
  return _mm256_cvtepu8_epi32(
      _mm_loadl_epi64(reinterpret_cast<const __m128i*>(source)));
}

/// Adds up the lanes of each channel, row by row.
[[gnu::target("avx2")]] inline void put_sums(const __m256i* sums,
                                             const RowsJob& job,
                                             std::uint8_t* out) {
  for (std::size_t r = 0; r < rows_at_once; ++r) {
    alignas(32) std::int32_t lanes[lane_count];
    _mm256_store_si256(reinterpret_cast<__m256i*>(lanes), sums[r]);
    for (std::size_t c = 0; c < job.channels; ++c) {
      std::int32_t sum = rounding;
      for (auto lane = c; lane < lane_count; lane += job.stored)
        sum += lanes[lane];
      out[r * job.out_stride + c] = clip(sum);
    }
  }
}

/// The same for pixels of four stored bytes, all rows at once.
[[gnu::target("avx2")]] inline void put_pixels(const __m256i* sums,
                                               const RowsJob& job,
                                               std::uint8_t* out) {
  static_assert(rows_at_once == 4);
  __m128i rows[rows_at_once];
  for (std::size_t r = 0; r < rows_at_once; ++r) {
    const auto sum = _mm_add_epi32(_mm256_castsi256_si128(sums[r]),
                                   _mm256_extracti128_si256(sums[r], 1));
    rows[r] = _mm_srai_epi32(_mm_add_epi32(sum, _mm_set1_epi32(rounding)),
                             weight_bits);
  }
  alignas(16) std::uint8_t bytes[16];
  _mm_store_si128(reinterpret_cast<__m128i*>(bytes),
                  _mm_packus_epi16(_mm_packs_epi32(rows[0], rows[1]),
                                   _mm_packs_epi32(rows[2], rows[3])));
  for (std::size_t r = 0; r < rows_at_once; ++r)
    for (std::size_t c = 0; c < job.channels; ++c)
      out[r * job.out_stride + c] = bytes[4 * r + c];
}

[[gnu::target("avx2")]] void filter_rows_avx2(const RowsJob& job,
                                              const Steps& steps) {
  auto* out = job.out;
  for (const auto& window : steps.windows) {
    __m256i sums[rows_at_once] = {};
    const auto* source = job.rows + window.byte;
    const auto* weights = steps.weights.data() + window.first * lane_count;
    for (std::size_t step = 0; step < window.count; ++step) {
      const auto factors =
          _mm256_loadu_si256(reinterpret_cast<const __m256i*>(weights));
      for (std::size_t r = 0; r < rows_at_once; ++r)
        sums[r] = _mm256_add_epi32(
            sums[r],
            _mm256_mullo_epi32(load_bytes(source + r * job.stride), factors));
      source += lane_count;
      weights += lane_count;
    }
    if (job.stored == 4)
      put_pixels(sums, job, out);
    else
      put_sums(sums, job, out);
    out += job.channels;
  }
}

[[gnu::target("avx2")]] void filter_columns_avx2(const std::uint8_t* source,
                                                 std::size_t stride,
                                                 const std::int32_t* weights,
                                                 std::size_t count,
                                                 std::uint8_t* out) {
  constexpr std::size_t vectors = block / lane_count;
  for (std::size_t x = 0; x < stride; x += block) {
    __m256i sums[vectors];
    for (auto& sum : sums) sum = _mm256_set1_epi32(rounding);
    for (std::size_t i = 0; i < count; ++i) {
      const auto factor = _mm256_set1_epi32(weights[i]);
      for (std::size_t v = 0; v < vectors; ++v)
        sums[v] = _mm256_add_epi32(
            sums[v],
            _mm256_mullo_epi32(
                load_bytes(source + i * stride + x + v * lane_count), factor));
    }
    for (auto& sum : sums) sum = _mm256_srai_epi32(sum, weight_bits);
    // Packing cuts to 0..255 and works on halves; the permutation puts the
    // groups of four back in order.
    const auto low = _mm256_packs_epi32(sums[0], sums[1]);
    const auto high = _mm256_packs_epi32(sums[2], sums[3]);
    const auto bytes =
        _mm256_permutevar8x32_epi32(_mm256_packus_epi16(low, high),
                                    _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + x), bytes);
  }
}

bool use_avx2(Instructions instructions) {
  return instructions == Instructions::best && __builtin_cpu_supports("avx2");
}
FilterRows& rows_filter(Instructions instructions) {
  return use_avx2(instructions) ? filter_rows_avx2 : filter_rows_plain;
}
FilterColumns& columns_filter(Instructions instructions) {
  return use_avx2(instructions) ? filter_columns_avx2 : filter_columns_plain;
}
#else
FilterRows& rows_filter(Instructions) {
  return filter_rows_plain;
}
FilterColumns& columns_filter(Instructions) {
  return filter_columns_plain;
}
#endif

/// Copies a row with every pixel brought from `channels` to `stored` bytes.
void spread(const std::uint8_t* row, std::size_t width, std::size_t channels,
            std::size_t stored, std::uint8_t* out) {
  if (channels == stored) {
    std::memcpy(out, row, width * channels);
    return;
  }
  for (std::size_t x = 0; x < width; ++x)
    for (std::size_t c = 0; c < 3; ++c) out[4 * x + c] = row[3 * x + c];
}

std::size_t rounded_up(std::size_t size, std::size_t unit) {
  return (size + unit - 1) / unit * unit;
}

}  // namespace

void filter_rows(const Plane& plane, const Weights& weights, std::uint8_t* out,
                 Instructions instructions) {
  const auto stored = plane.channels == 3 ? 4 : plane.channels;
  const auto steps = steps_of(weights, stored);
  // Room behind each row for the step that reaches over its end.
  const auto stride = plane.width * stored + lane_count;
  const auto out_stride = weights.windows.size() * plane.channels;
  std::vector<std::uint8_t> rows(rows_at_once * stride);
  std::vector<std::uint8_t> results(rows_at_once * out_stride);
  auto& filter = rows_filter(instructions);
  for (std::size_t y = 0; y < plane.height; y += rows_at_once) {
    const auto count = std::min(rows_at_once, plane.height - y);
    for (std::size_t r = 0; r < count; ++r)
      spread(plane.data + (y + r) * plane.width * plane.channels, plane.width,
             plane.channels, stored, rows.data() + r * stride);
    filter({rows.data(), stride, plane.channels, stored, results.data(),
            out_stride},
           steps);
    std::memcpy(out + y * out_stride, results.data(), count * out_stride);
  }
}

void filter_columns(const Plane& plane, const Weights& weights,
                    std::uint8_t* out, Instructions instructions) {
  const auto size = plane.width * plane.channels;
  const auto stride = rounded_up(size, block);
  std::vector<std::uint8_t> rows(plane.height * stride);
  for (std::size_t y = 0; y < plane.height; ++y)
    std::memcpy(rows.data() + y * stride, plane.data + y * size, size);
  std::vector<std::int32_t> fixed(weights.values.size());
  std::ranges::transform(weights.values, fixed.begin(), fixed_weight);
  std::vector<std::uint8_t> result(stride);
  auto& filter = columns_filter(instructions);
  for (std::size_t y = 0; y < weights.windows.size(); ++y) {
    const auto& window = weights.windows[y];
    filter(rows.data() + window.start * stride, stride,
           fixed.data() + window.offset, window.count, result.data());
    std::memcpy(out + y * size, result.data(), size);
  }
}

}  // namespace igrot
