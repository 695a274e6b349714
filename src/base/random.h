// Random numbers that depend on nothing but their key and their place: Philox
// 4x32-10 (Salmon et al., SC 2011). Any thread can compute any of them, so
// results do not depend on how work is cut.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace igrot {

/// Four random words for each counter under a key.
inline std::array<std::uint32_t, 4> philox(std::uint64_t key,
                                           std::uint64_t high,
                                           std::uint64_t low) {
  std::array<std::uint32_t, 4> x{static_cast<std::uint32_t>(low),
                                 static_cast<std::uint32_t>(low >> 32U),
                                 static_cast<std::uint32_t>(high),
                                 static_cast<std::uint32_t>(high >> 32U)};
  auto k0 = static_cast<std::uint32_t>(key);
  auto k1 = static_cast<std::uint32_t>(key >> 32U);
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = std::uint64_t{0xD2511F53U} * x[0];
    const std::uint64_t p1 = std::uint64_t{0xCD9E8D57U} * x[2];
    x = {static_cast<std::uint32_t>(p1 >> 32U) ^ x[1] ^ k0,
         static_cast<std::uint32_t>(p1),
         static_cast<std::uint32_t>(p0 >> 32U) ^ x[3] ^ k1,
         static_cast<std::uint32_t>(p0)};
    k0 += 0x9E3779B9U;
    k1 += 0xBB67AE85U;
  }
  return x;
}

/// A stream of random numbers named by what it is for: a seed and up to three
/// further numbers (a purpose, an epoch, a sample). Equal names give equal
/// numbers; one object is for one thread.
class Random {
 public:
  explicit Random(std::uint64_t seed, std::uint64_t a = 0, std::uint64_t b = 0,
                  std::uint64_t c = 0)
      : key_(mix(mix(mix(seed, a), b), c)) {}

  std::uint32_t word() {
    const auto place = next_ % 4;
    if (place == 0) words_ = philox(key_, 0, next_ / 4);
    ++next_;
    return words_[place];
  }

  /// In [0, 1), of 24 bits.
  float uniform() { return static_cast<float>(word() >> 8U) * 0x1p-24F; }
  double uniform(double low, double high) {
    return low + (high - low) * double{uniform()};
  }

  /// Standard normal.
  float normal() {
    const double u = (static_cast<double>(word()) + 1) * 0x1p-32;
    const double v = static_cast<double>(word()) * 0x1p-32;
    return static_cast<float>(std::sqrt(-2 * std::log(u)) *
                              std::cos(2 * std::numbers::pi * v));
  }

  /// In [0, bound); 1 <= bound <= 2^32.
  std::uint64_t below(std::uint64_t bound) { return word() * bound >> 32U; }

  std::uint64_t key() const { return key_; }

 private:
  /// One key of two numbers.
  static std::uint64_t mix(std::uint64_t key, std::uint64_t value) {
    const auto words = philox(key, 1, value);
    return std::uint64_t{words[1]} << 32U | words[0];
  }

  std::uint64_t key_;
  std::uint64_t next_ = 0;
  std::array<std::uint32_t, 4> words_{};
};

}  // namespace igrot
