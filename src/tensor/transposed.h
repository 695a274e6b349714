// Matrices turned round.
#pragma once

#include "igrot/tensor.h"

namespace igrot {

/// The transpose of a matrix.
inline Tensor transposed(const Tensor& matrix) {
  const auto in = matrix.matrix();
  Tensor out({in.columns, in.rows});
  for (std::size_t i = 0; i < in.rows; ++i)
    for (std::size_t j = 0; j < in.columns; ++j)
      out.data()[j * in.rows + i] = in.row(i)[j];
  return out;
}

}  // namespace igrot
