#include "models/encoder.h"

#include <mutex>

#include "base/fail.h"
#include "models/weights.h"
#include "ops/dnnl/dnnl_ops.h"
#include "ops/plain/plain_ops.h"

namespace igrot {
namespace {

/// The plain engine has no state.
struct PlainEngine {
  PlainOps context() const { return {}; }
  Precision precision() const { return Precision::f32; }
};

/// The one implementation, over any engine.
template <class Engine>
class EngineEncoder : public Encoder {
  using O = decltype(std::declval<const Engine&>().context());

 public:
  EngineEncoder(Engine engine, const TensorSource& source,
                const ModelConfig& config,
                std::function<TokenBatch()> empty_text)
      : engine_(std::move(engine)),
        config_(config),
        empty_tokens_(std::move(empty_text)),
        weights_(load_weights(engine_.context(), source, config)) {}

  Precision precision() const override { return engine_.precision(); }

  Tensor image(const Tensor& pixels) const override {
    const auto ops = engine_.context();
    return ops.download(encode(ops, pixels));
  }

  Tensor image_local(const Tensor& pixels) const override {
    const auto ops = engine_.context();
    return ops.download(igrot::image_local(ops, weights_.towers, config_.towers,
                                           ops.upload(pixels)));
  }

  Tensor text(const TokenBatch& tokens) const override {
    const auto ops = engine_.context();
    return ops.download(encode(ops, tokens));
  }

  Tensor text_local(const TokenBatch& tokens) const override {
    const auto ops = engine_.context();
    return ops.download(
        igrot::text_local(ops, weights_.towers, config_.towers, tokens));
  }

  Tensor targets(const Tensor& pixels, Target target,
                 SumConvention convention) const override {
    const auto ops = engine_.context();
    auto image = encode(ops, pixels);
    const bool is_train = convention == SumConvention::train;
    switch (target) {
      case Target::original:
        break;
      case Target::sum: {
        auto empty = ops.upload(empty_text());
        if (is_train) empty = ops.normalize(empty);
        empty = ops.reshape(empty, {config_.towers.width});
        if (is_train) image = ops.normalize(image);
        return ops.download(ops.add(std::move(image), empty));
      }
      case Target::union_: {
        const std::vector<std::size_t> rows(pixels.shape()[0], 0);
        const auto empty = ops.gather(ops.upload(empty_text()), rows);
        return ops.download(igrot::union_vectors(
            ops, weights_.union_head, *config_.union_head, image, empty));
      }
    }
    return ops.download(is_train ? ops.normalize(image) : image);
  }

  Tensor union_vectors(const Tensor& pixels,
                       const TokenBatch& tokens) const override {
    const auto ops = engine_.context();
    return ops.download(
        igrot::union_vectors(ops, weights_.union_head, *config_.union_head,
                             encode(ops, pixels), encode(ops, tokens)));
  }

  FusedPairs fuse(const Tensor& pixels, const TokenBatch& tokens,
                  Mask mask) const override {
    const auto ops = engine_.context();
    // Padding that is masked out adds nothing; padding that is added does.
    const auto read = mask == Mask::added ? tokens : cut_padding(tokens);
    const FusionInput<O> in{
        .text_local =
            distinct_text_local(ops, weights_.towers, config_.towers, read),
        .image_local = igrot::image_local(ops, weights_.towers, config_.towers,
                                          ops.upload(pixels)),
        .tokens = &read};
    const auto out =
        igrot::fuse(ops, weights_.transagg, *config_.transagg, in, mask);
    return {
        .query = ops.download(out.query),
        .fused = ops.download(out.fused),
        .weights = ops.download(out.weights),
        .united = config_.union_head ? ops.download(unite(ops, in)) : Tensor()};
  }

 private:
  typename O::Tensor unite(const O& ops, const FusionInput<O>& in) const {
    const auto image =
        ops.gather(in.image_local,
                   first_rows(in.tokens->count, in.image_local.shape()[1]));
    const auto text = ops.gather(in.text_local, global_rows(*in.tokens));
    return igrot::union_vectors(ops, weights_.union_head, *config_.union_head,
                                image, text);
  }

  typename O::Tensor encode(const O& ops, const Tensor& pixels) const {
    return image_global(ops, weights_.towers, config_.towers,
                        ops.upload(pixels));
  }

  /// Global features; a text that comes more than once is encoded once.
  typename O::Tensor encode(const O& ops, const TokenBatch& tokens) const {
    const auto distinct = distinct_texts(tokens);
    const auto features = text_global(ops, weights_.towers, config_.towers,
                                      cut_padding(distinct.tokens));
    return ops.gather(features, distinct.rows);
  }

  const Tensor& empty_text() const {
    std::call_once(empty_once_,
                   [&] { empty_feature_ = text(empty_tokens_()); });
    return empty_feature_;
  }

  Engine engine_;
  ModelConfig config_;
  std::function<TokenBatch()> empty_tokens_;
  ModelWeights<O> weights_;
  mutable std::once_flag empty_once_;
  mutable Tensor empty_feature_;  ///< [1, d]
};

}  // namespace

std::unique_ptr<Encoder> make_encoder(const TensorSource& source,
                                      const ModelConfig& config,
                                      EncoderOptions options) {
  auto empty = std::move(options.empty_text);
  if (options.engine == Engine::dnnl)
    return std::make_unique<EngineEncoder<DnnlEngine>>(
        DnnlEngine(options.precision, options.threads), source, config,
        std::move(empty));
  if (options.precision == Precision::bf16)
    fail(ErrorKind::unsupported, "the plain engine computes in f32 only");
  return std::make_unique<EngineEncoder<PlainEngine>>(PlainEngine{}, source,
                                                      config, std::move(empty));
}

}  // namespace igrot
