#include "models/fingerprint.h"

#include <algorithm>
#include <atomic>

#include "base/on_threads.h"
#include "base/sha256.h"
#include "models/derive.h"

namespace igrot {
namespace {

/// `body(i)` for every i below `count`, by several threads. The first exception
/// ends it and is thrown again.
template <class Body>
void for_each_index(std::size_t count, std::size_t threads, Body&& body) {
  std::atomic<std::size_t> next = 0;
  on_threads(std::min(threads, count), [&] {
    try {
      for (auto i = next++; i < count; i = next++) body(i);
    } catch (...) {
      next = count;
      throw;
    }
  });
}

}  // namespace

std::string fingerprint(const TensorSource& source, const ModelConfig& config,
                        std::size_t threads) {
  static_assert(std::endian::native == std::endian::little);
  const auto specs = list_tensors(config);
  std::vector<std::string> lines(specs.size());
  for_each_index(specs.size(), threads, [&](std::size_t i) {
    const auto tensor = source.read(specs[i]);
    lines[i] =
        fmt::format("{} {} {}\n", specs[i].name, describe(specs[i].shape),
                    sha256_hex(std::as_bytes(tensor.values())));
  });
  Sha256 hash;
  hash.add(as_bytes(
      fmt::format("activation {}\n",
                  name_of(activations, config.towers.vision.activation))));
  for (const auto& line : lines) hash.add(as_bytes(line));
  return hash.hex();
}

}  // namespace igrot
