// Rows of numbers in engine memory, as every kernel takes them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace igrot {

/// How an engine stores a number.
enum class Number : std::uint8_t { f32, bf16 };

constexpr std::size_t size_bytes(Number number) {
  return number == Number::f32 ? 4 : 2;
}

/// `count` rows of `width` numbers that somebody else owns; a row begins
/// `stride` numbers after the one before.
struct Rows {
  std::byte* data = nullptr;
  Number number = Number::f32;
  std::size_t count = 0;
  std::size_t width = 0;
  std::size_t stride = 0;

  std::byte* row(std::size_t i) const {
    return data + i * stride * size_bytes(number);
  }

  /// Rows [first, last).
  Rows slice(std::size_t first, std::size_t last) const {
    return {row(first), number, last - first, width, stride};
  }

  /// Columns [first, first + columns).
  Rows columns(std::size_t first, std::size_t columns) const {
    return {data + first * size_bytes(number), number, count, columns, stride};
  }
};

}  // namespace igrot
