// The header of an npy file, read and written. After NumPy's format page
// (NEP 1): magic, version, length, a Python dict literal padded with spaces.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "igrot/tensor.h"
#include "tensor/dtype.h"

namespace igrot {

inline constexpr std::string_view npy_magic = "\x93NUMPY";

struct NpyHeader {
  DType dtype{};
  Shape shape;
  bool fortran_order = false;

  /// Where the elements start. Set when read.
  std::size_t size_bytes = 0;
};

/// Throws Error: corrupt, unsupported.
NpyHeader read_npy_header(Bytes file);

/// A header of version 1 whose length depends only on the number of
/// dimensions, so that it can be written again over itself with other extents.
/// Throws Error: usage (bfloat16, too many dimensions).
std::string format_npy_header(DType dtype, const Shape& shape);

}  // namespace igrot
