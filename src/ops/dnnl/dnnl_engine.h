// The state contexts share; seen by the engine's own sources only.
#pragma once

#include "ops/dnnl/arena.h"
#include "ops/dnnl/dnnl_ops.h"
#include "ops/dnnl/kernels.h"
#include "ops/dnnl/products.h"

namespace igrot {

struct DnnlEngine::Impl {
  Impl(Precision chosen, std::size_t thread_count)
      : precision(chosen),
        hidden(chosen == Precision::bf16 ? Number::bf16 : Number::f32),
        threads(thread_count),
        kernels(*supported_kernels().front()),
        products(hidden, thread_count) {}

  Precision precision;
  Number hidden;  ///< what products take
  std::size_t threads;
  const Kernels& kernels;
  Products products;
  ArenaPool arenas;
};

}  // namespace igrot
