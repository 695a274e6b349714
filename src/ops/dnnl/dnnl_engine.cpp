#include <cassert>

#include "ops/dnnl/dnnl_engine.h"

namespace igrot {
namespace {

Precision chosen(Precision precision) {
  if (precision != Precision::automatic) return precision;
  return Products::has_fast_bf16() ? Precision::bf16 : Precision::f32;
}

}  // namespace

DnnlEngine::DnnlEngine(Precision precision, std::size_t threads)
    : impl_(std::make_shared<Impl>(chosen(precision), threads)) {
  assert(threads > 0);
}

Precision DnnlEngine::precision() const {
  return impl_->precision;
}

std::size_t DnnlEngine::threads() const {
  return impl_->threads;
}

DnnlOps DnnlEngine::context() const {
  return DnnlOps(impl_);
}

std::size_t DnnlEngine::reserved_bytes() const {
  return impl_->arenas.reserved_bytes();
}

DnnlOps::DnnlOps(std::shared_ptr<DnnlEngine::Impl> engine)
    : engine_(std::move(engine)), arena_(engine_->arenas.take()) {}

DnnlOps::~DnnlOps() {
  if (arena_) engine_->arenas.put_back(std::move(arena_));
}

}  // namespace igrot
