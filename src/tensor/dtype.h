// Element types of stored tensors and their conversion to float32.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"

namespace igrot {

enum class DType {
  f32,
  f16,
  bf16,
  f64,
  i64,
  i32,
  i16,
  i8,
  u8,
  boolean,
  u16,
  u32,
  u64,
};

/// One row a type: PyTorch's name, the safetensors name, and its size.
struct DTypeRow {
  DType dtype;
  std::string_view name;
  std::string_view safetensors;
  std::size_t size_bytes;
};

inline constexpr std::array dtypes{
    DTypeRow{DType::f32, "float32", "F32", 4},
    DTypeRow{DType::f16, "float16", "F16", 2},
    DTypeRow{DType::bf16, "bfloat16", "BF16", 2},
    DTypeRow{DType::f64, "float64", "F64", 8},
    DTypeRow{DType::i64, "int64", "I64", 8},
    DTypeRow{DType::i32, "int32", "I32", 4},
    DTypeRow{DType::i16, "int16", "I16", 2},
    DTypeRow{DType::i8, "int8", "I8", 1},
    DTypeRow{DType::u8, "uint8", "U8", 1},
    DTypeRow{DType::boolean, "bool", "BOOL", 1},
    DTypeRow{DType::u16, "uint16", "U16", 2},
    DTypeRow{DType::u32, "uint32", "U32", 4},
    DTypeRow{DType::u64, "uint64", "U64", 8},
};

constexpr const DTypeRow& describe(DType dtype) {
  return dtypes[static_cast<std::size_t>(dtype)];
}

constexpr std::size_t size_bytes(DType dtype) {
  return describe(dtype).size_bytes;
}

/// Whether it is a type of floating point numbers, as weights are.
constexpr bool is_floating(DType dtype) {
  return dtype == DType::f32 || dtype == DType::f16 || dtype == DType::bf16 ||
         dtype == DType::f64;
}

/// IEEE half to float32, exact; subnormals, infinities and NaN included.
float float_from_half(std::uint16_t half);

/// float32 to half, round to nearest even.
std::uint16_t half_from_float(float value);

inline float float_from_bfloat(std::uint16_t bits) {
  const std::uint32_t wide = std::uint32_t{bits} << 16;
  float value;
  std::memcpy(&value, &wide, sizeof value);
  return value;
}

/// float32 to bfloat16, round to nearest even; NaN stays NaN.
std::uint16_t bfloat_from_float(float value);

/// `count` contiguous little-endian elements of `source` as float32.
void to_float(DType dtype, Bytes source, std::size_t count, float* target);

}  // namespace igrot
