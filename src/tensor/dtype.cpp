#include "tensor/dtype.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>

namespace igrot {
namespace {

template <class Stored, class Convert>
void convert(Bytes source, std::size_t count, float* target,
             Convert&& to_float32) {
  assert(source.size() >= count * sizeof(Stored));
  for (std::size_t i = 0; i < count; ++i) {
    Stored stored;
    std::memcpy(&stored, source.data() + i * sizeof(Stored), sizeof stored);
    target[i] = to_float32(stored);
  }
}

template <class Stored>
void convert(Bytes source, std::size_t count, float* target) {
  convert<Stored>(source, count, target,
                  [](Stored stored) { return static_cast<float>(stored); });
}

}  // namespace

float float_from_half(std::uint16_t half) {
  const std::uint32_t sign = (half & 0x8000U) << 16;
  const std::uint32_t exponent = (half >> 10) & 0x1FU;
  const std::uint32_t fraction = half & 0x3FFU;
  if (exponent == 0) {
    const float magnitude = std::ldexp(static_cast<float>(fraction), -24);
    return sign ? -magnitude : magnitude;
  }
  const std::uint32_t wide = exponent == 31 ? 255 : exponent + 112;
  return std::bit_cast<float>(sign | wide << 23 | fraction << 13);
}

std::uint16_t half_from_float(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const auto sign = static_cast<std::uint16_t>((bits >> 16) & 0x8000U);
  const std::uint32_t magnitude = bits & 0x7FFFFFFFU;
  if (magnitude > 0x7F800000U)
    return static_cast<std::uint16_t>(sign | 0x7E00U);
  if (magnitude >= 0x477FF000U)  // rounds to 2^16 or above
    return static_cast<std::uint16_t>(sign | 0x7C00U);
  if (magnitude < 0x38800000U) {  // subnormal: the unit is 2^-24
    const float scaled = std::ldexp(std::bit_cast<float>(magnitude), 24);
    return static_cast<std::uint16_t>(sign | std::lrint(scaled));
  }
  const std::uint32_t rounded =
      magnitude - 0x38000000U + 0xFFFU + ((magnitude >> 13) & 1U);
  return static_cast<std::uint16_t>(sign | rounded >> 13);
}

std::uint16_t bfloat_from_float(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  if (std::isnan(value)) return static_cast<std::uint16_t>(bits >> 16 | 0x40U);
  return static_cast<std::uint16_t>((bits + 0x7FFFU + ((bits >> 16) & 1U)) >>
                                    16);
}

void to_float(DType dtype, Bytes source, std::size_t count, float* target) {
  switch (dtype) {
    case DType::f32:
      return convert<float>(source, count, target);
    case DType::f16:
      return convert<std::uint16_t>(source, count, target, float_from_half);
    case DType::bf16:
      return convert<std::uint16_t>(source, count, target, float_from_bfloat);
    case DType::f64:
      return convert<double>(source, count, target);
    case DType::i64:
      return convert<std::int64_t>(source, count, target);
    case DType::i32:
      return convert<std::int32_t>(source, count, target);
    case DType::i16:
      return convert<std::int16_t>(source, count, target);
    case DType::i8:
      return convert<std::int8_t>(source, count, target);
    case DType::u8:
    case DType::boolean:
      return convert<std::uint8_t>(source, count, target);
    case DType::u16:
      return convert<std::uint16_t>(source, count, target);
    case DType::u32:
      return convert<std::uint32_t>(source, count, target);
    case DType::u64:
      return convert<std::uint64_t>(source, count, target);
  }
}

}  // namespace igrot
