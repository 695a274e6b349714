#include "igrot/retriever.h"

#include "models/batches.h"
#include "models/derive.h"
#include "models/fingerprint.h"
#include "models/retriever_impl.h"

namespace igrot {

Retriever::Retriever(std::shared_ptr<const Impl> impl)
    : impl_(std::move(impl)) {}

Retriever Retriever::load(const std::filesystem::path& path,
                          const LoadOptions& options) {
  auto files = open_model_files(path);
  return at(path.string(), [&] {
    return Retriever(std::make_shared<Impl>(std::move(files), options));
  });
}

std::size_t Retriever::width() const {
  return impl_->config.towers.width;
}
std::size_t Retriever::side() const {
  return impl_->config.towers.side();
}
std::size_t Retriever::local_rows() const {
  return impl_->config.towers.image_rows();
}
std::size_t Retriever::context() const {
  return impl_->config.towers.context;
}
bool Retriever::takes_side(std::size_t side) const {
  return igrot::takes_side(impl_->config.towers, side);
}
bool Retriever::has_fusion() const {
  return impl_->config.transagg.has_value();
}
bool Retriever::has_union_head() const {
  return impl_->config.union_head.has_value();
}
const ModelInfo& Retriever::info() const {
  return impl_->info;
}
Precision Retriever::precision() const {
  return impl_->encoder->precision();
}

const std::string& Retriever::fingerprint() const {
  std::call_once(impl_->fingerprint_once, [&] {
    impl_->fingerprint =
        igrot::fingerprint(impl_->source, impl_->config, impl_->threads);
  });
  return impl_->fingerprint;
}

Preprocess Retriever::preprocess() const {
  Preprocess preprocess;
  preprocess.side = side();
  if (impl_->config.towers.family == Family::siglip) {
    preprocess.mean.fill(0.5F);
    preprocess.std.fill(0.5F);
  }
  return preprocess;
}

Tensor Retriever::image(const Tensor& pixels) const {
  return impl_->image(pixels);
}

Tensor Retriever::image_local(const Tensor& pixels) const {
  impl_->check_pixels(pixels);
  return in_parts(pixels.shape()[0], impl_->pictures_at_once(),
                  {local_rows(), width()}, [&](auto i, auto n) {
                    return impl_->encoder->image_local(slice(pixels, i, n));
                  });
}

Tensor Retriever::text(const std::vector<std::string>& texts) const {
  return impl_->text(texts);
}

Tensor Retriever::text_local(const std::vector<std::string>& texts) const {
  return in_parts(
      texts.size(), impl_->texts_at_once(), {context(), width()},
      [&](auto i, auto n) {
        return impl_->encoder->text_local(impl_->tokenize(&texts[i], n));
      });
}

Tensor Retriever::targets(const Tensor& pixels, Target target,
                          SumConvention convention) const {
  impl_->check_pixels(pixels);
  if (target == Target::union_) impl_->need_union_head();
  return in_parts(pixels.shape()[0], impl_->pictures_at_once(), {width()},
                  [&](auto i, auto n) {
                    return impl_->encoder->targets(slice(pixels, i, n), target,
                                                   convention);
                  });
}

Tensor Retriever::union_vectors(const Tensor& pixels,
                                const std::vector<std::string>& texts) const {
  impl_->need_union_head();
  impl_->check_pairs(pixels, texts);
  return in_parts(texts.size(), impl_->pairs_at_once(), {width()},
                  [&](auto i, auto n) {
                    return impl_->encoder->union_vectors(
                        slice(pixels, i, n), impl_->tokenize(&texts[i], n));
                  });
}

FusedPairs Retriever::fuse(const Tensor& pixels,
                           const std::vector<std::string>& texts,
                           Mask mask) const {
  impl_->need_fusion();
  impl_->check_pairs(pixels, texts);
  const auto total = texts.size();
  const auto at_once = impl_->pairs_at_once();
  FusedPairs whole{
      .query = Tensor({total, width()}),
      .fused = Tensor({total, width()}),
      .weights = Tensor({total, 3}),
      .united = has_union_head() ? Tensor({total, width()}) : Tensor()};
  for (std::size_t i = 0; i < total; i += at_once) {
    const auto n = std::min(at_once, total - i);
    const auto part = impl_->encoder->fuse(slice(pixels, i, n),
                                           impl_->tokenize(&texts[i], n), mask);
    place(whole.query, part.query, i);
    place(whole.fused, part.fused, i);
    place(whole.weights, part.weights, i);
    if (has_union_head()) place(whole.united, part.united, i);
  }
  return whole;
}

}  // namespace igrot
