// Tensors that may be missing, as autograd's functions take them.
#pragma once

#include <ATen/ATen.h>

namespace igrot {

inline c10::optional<at::Tensor> if_defined(const at::Tensor& x) {
  return x.defined() ? c10::optional<at::Tensor>(x) : c10::nullopt;
}

}  // namespace igrot
