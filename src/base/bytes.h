// Views of foreign bytes, and reading numbers from them without stepping out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>

#include "base/fail.h"

namespace igrot {

using Bytes = std::span<const std::byte>;

inline Bytes as_bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

inline std::string_view as_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// `offset` to `offset + size` of `bytes`; throws corrupt when it is not all
/// there. The sum is never formed, so no size can overflow it.
inline Bytes subspan(Bytes bytes, std::uint64_t offset, std::uint64_t size,
                     std::string_view what) {
  if (offset > bytes.size() || size > bytes.size() - offset)
    fail(ErrorKind::corrupt, "{} needs {} bytes at offset {} of {}", what, size,
         offset, bytes.size());
  return bytes.subspan(offset, size);
}

/// a * b, or corrupt when it does not fit 64 bits.
inline std::uint64_t checked_product(std::uint64_t a, std::uint64_t b,
                                     std::string_view what) {
  std::uint64_t product = 0;
  if (__builtin_mul_overflow(a, b, &product))
    fail(ErrorKind::corrupt, "{}: size overflows", what);
  return product;
}

/// The little-endian number at the start of `bytes` (which must hold it).
template <class Number>
requires std::is_arithmetic_v<Number> Number load_little(Bytes bytes) {
  Number number;
  std::memcpy(&number, bytes.data(), sizeof number);
  return number;
}

/// Reads forward through bytes; every step is checked.
class ByteReader {
 public:
  ByteReader(Bytes bytes, std::string_view what) : bytes_(bytes), what_(what) {}

  std::size_t offset() const { return offset_; }
  std::size_t left() const { return bytes_.size() - offset_; }

  Bytes take(std::uint64_t size) {
    const auto part = subspan(bytes_, offset_, size, what_);
    offset_ += part.size();
    return part;
  }

  template <class Number>
  Number little() {
    return load_little<Number>(take(sizeof(Number)));
  }

 private:
  Bytes bytes_;
  std::string_view what_;
  std::size_t offset_ = 0;
};

}  // namespace igrot
