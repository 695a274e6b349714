// Exact search against the speed of memory: how long one pass of queries over
// the rows takes, as a multiple of a streaming sum over the same rows on the
// same threads. Rounds alternate between the two; medians are compared.
//
// search_bench [ROWS [WIDTH [THREADS [ROUNDS]]]]   1000000 512 all 9
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <thread>
#include <vector>

#include "gallery/scores.h"
#include "igrot/runtime.h"
#include "igrot/search.h"

namespace igrot {
namespace {

/// Unit rows of pseudo-random numbers (xorshift64), from many threads.
void fill(Tensor& matrix, std::size_t width, std::size_t threads) {
  const auto rows = matrix.size() / width;
  std::vector<std::jthread> workers;
  for (std::size_t t = 0; t < threads; ++t)
    workers.emplace_back([&, t] {
      std::uint64_t state = 0x9E3779B97F4A7C15U * (t + 1);
      for (auto r = rows * t / threads; r < rows * (t + 1) / threads; ++r) {
        float* row = matrix.data() + r * width;
        double squares = 0;
        for (std::size_t i = 0; i < width; ++i) {
          state ^= state << 13;
          state ^= state >> 7;
          state ^= state << 17;
          row[i] = static_cast<float>(state >> 40) / 8388608.0F - 1.0F;
          squares += static_cast<double>(row[i]) * row[i];
        }
        const auto scale = static_cast<float>(1 / std::sqrt(squares));
        for (std::size_t i = 0; i < width; ++i) row[i] *= scale;
      }
    });
}

__attribute__((target_clones("avx512f", "avx2", "default"))) float sum(
    const float* values, std::size_t count) {
  std::array<float, 64> sums{};
  for (std::size_t i = 0; i + 64 <= count; i += 64)
    for (std::size_t lane = 0; lane < 64; ++lane)
      sums[lane] += values[i + lane];
  float total = 0;
  for (const auto part : sums) total += part;
  return total;
}

/// The sum of all numbers, each thread over its share.
float streaming_sum(MatrixView matrix, std::size_t threads) {
  const auto size = matrix.rows * matrix.columns;
  std::vector<float> parts(threads);
  {
    std::vector<std::jthread> workers;
    for (std::size_t t = 0; t < threads; ++t)
      workers.emplace_back([&, t] {
        const auto begin = size * t / threads;
        parts[t] = sum(matrix.data + begin, size * (t + 1) / threads - begin);
      });
  }
  float total = 0;
  for (const auto part : parts) total += part;
  return total;
}

double seconds(const std::function<void()>& body) {
  const auto start = std::chrono::steady_clock::now();
  body();
  const std::chrono::duration<double> passed =
      std::chrono::steady_clock::now() - start;
  return passed.count();
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

void compare(MatrixView rows, std::size_t batch, std::size_t threads,
             std::size_t rounds) {
  const MatrixView queries{rows.data, batch, rows.columns};
  std::vector<double> sums;
  std::vector<double> searches;
  volatile float sink = 0;
  for (std::size_t round = 0; round <= rounds; ++round) {
    const auto summed = seconds([&] { sink = streaming_sum(rows, threads); });
    const auto searched = seconds([&] {
      const auto hits =
          search_rows(rows, queries, {.k = 20, .threads = threads});
      sink = hits.front().front().score;
    });
    if (round == 0) continue;
    sums.push_back(summed);
    searches.push_back(searched);
  }
  const auto size =
      static_cast<double>(rows.rows * rows.columns) * sizeof(float);
  const auto search = median(searches);
  const auto stream = median(sums);
  fmt::print(
      "batch {:3}: search {:8.1f} ms, sum {:6.1f} ms ({:5.1f} GB/s), ratio "
      "{:5.2f}, {:7.2f} ms a query, {:6.1f} GFLOP/s\n",
      batch, search * 1e3, stream * 1e3, size / stream / 1e9, search / stream,
      search * 1e3 / static_cast<double>(batch),
      static_cast<double>(batch) * size / 2 / search / 1e9);
}

}  // namespace
}  // namespace igrot

int main(int argc, char** argv) {
  const auto argument = [&](int i, std::size_t otherwise) {
    return i < argc ? std::strtoull(argv[i], nullptr, 10) : otherwise;
  };
  const auto rows = argument(1, 1'000'000);
  const auto width = argument(2, 512);
  const auto threads = argument(3, igrot::Runtime{}.thread_count());
  const auto rounds = argument(4, 9);
  if (rows == 0 || width == 0 || threads == 0 || rounds == 0) return 2;
  igrot::Tensor matrix({rows, width});
  igrot::fill(matrix, width, threads);
  fmt::print("{} rows of {} on {} threads, kernel {}\n", rows, width, threads,
             igrot::best_score_kernel().name);
  for (const std::size_t batch : {1, 8, 64})
    igrot::compare(matrix.matrix(), std::min<std::size_t>(batch, rows), threads,
                   rounds);
}
