#include "image/resample_rows.h"

#include <algorithm>
#include <cstring>
#include <memory>

namespace igrot {
namespace {

// Eight sums at once. Compiled twice: for AVX2, and for what every machine has.
using Lanes = std::int32_t __attribute__((vector_size(32)));
using ByteLanes = std::uint8_t __attribute__((vector_size(8)));
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

[[gnu::always_inline]] inline void add_step(const std::uint8_t* source,
                                            const std::int32_t* weights,
                                            Lanes& sum) {
  ByteLanes bytes;
  Lanes factor;
  std::memcpy(&bytes, source, sizeof bytes);
  std::memcpy(&factor, weights, sizeof factor);
  sum += __builtin_convertvector(bytes, Lanes) * factor;
}

/// `rows_at_once` rows of `stride` bytes to as many sums of `stored` channels.
[[gnu::always_inline]] inline void filter_rows_body(
    const std::uint8_t* rows, std::size_t stride, const Steps& steps,
    std::size_t channels, std::size_t stored, std::uint8_t* out,
    std::size_t out_stride) {
  for (const auto& window : steps.windows) {
    Lanes sums[rows_at_once] = {};
    const auto* source = rows + window.byte;
    const auto* weights = steps.weights.data() + window.first * lane_count;
    for (std::size_t step = 0; step < window.count; ++step) {
      for (std::size_t r = 0; r < rows_at_once; ++r)
        add_step(source + r * stride, weights, sums[r]);
      source += lane_count;
      weights += lane_count;
    }
    for (std::size_t r = 0; r < rows_at_once; ++r)
      for (std::size_t c = 0; c < channels; ++c) {
        std::int32_t sum = rounding;
        for (auto lane = c; lane < lane_count; lane += stored)
          sum += sums[r][lane];
        out[r * out_stride + c] = clip(sum);
      }
    out += channels;
  }
}

/// Bytes summed at once in the other direction: four vectors stay in registers.
constexpr std::size_t block = 4 * lane_count;

[[gnu::always_inline]] inline void filter_columns_body(
    const std::uint8_t* source, std::size_t stride, const std::int32_t* weights,
    std::size_t count, std::uint8_t* out) {
  for (std::size_t x = 0; x < stride; x += block) {
    Lanes sums[block / lane_count];
    for (auto& sum : sums) sum = Lanes{} + rounding;
    for (std::size_t i = 0; i < count; ++i)
      for (std::size_t v = 0; v < block / lane_count; ++v) {
        ByteLanes bytes;
        std::memcpy(&bytes, source + i * stride + x + v * lane_count,
                    sizeof bytes);
        sums[v] += __builtin_convertvector(bytes, Lanes) * weights[i];
      }
    for (std::size_t v = 0; v < block / lane_count; ++v) {
      auto value = sums[v] >> weight_bits;
      value = value < 0 ? Lanes{} : value;
      value = value > 255 ? Lanes{} + 255 : value;
      const auto bytes = __builtin_convertvector(value, ByteLanes);
      std::memcpy(out + x + v * lane_count, &bytes, sizeof bytes);
    }
  }
}

using FilterRows = void(const std::uint8_t*, std::size_t, const Steps&,
                        std::size_t, std::size_t, std::uint8_t*, std::size_t);
using FilterColumns = void(const std::uint8_t*, std::size_t,
                           const std::int32_t*, std::size_t, std::uint8_t*);

void filter_rows_plain(const std::uint8_t* rows, std::size_t stride,
                       const Steps& steps, std::size_t channels,
                       std::size_t stored, std::uint8_t* out,
                       std::size_t out_stride) {
  filter_rows_body(rows, stride, steps, channels, stored, out, out_stride);
}

void filter_columns_plain(const std::uint8_t* source, std::size_t stride,
                          const std::int32_t* weights, std::size_t count,
                          std::uint8_t* out) {
  filter_columns_body(source, stride, weights, count, out);
}

#ifdef __x86_64__
[[gnu::target("avx2")]] void filter_rows_avx2(
    const std::uint8_t* rows, std::size_t stride, const Steps& steps,
    std::size_t channels, std::size_t stored, std::uint8_t* out,
    std::size_t out_stride) {
  filter_rows_body(rows, stride, steps, channels, stored, out, out_stride);
}

[[gnu::target("avx2")]] void filter_columns_avx2(const std::uint8_t* source,
                                                 std::size_t stride,
                                                 const std::int32_t* weights,
                                                 std::size_t count,
                                                 std::uint8_t* out) {
  filter_columns_body(source, stride, weights, count, out);
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
FilterRows& rows_filter(Instructions) { return filter_rows_plain; }
FilterColumns& columns_filter(Instructions) { return filter_columns_plain; }
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
    filter(rows.data(), stride, steps, plane.channels, stored, results.data(),
           out_stride);
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
