// A model on an engine chosen at run time: normalised pixels and ids in,
// vectors out, one batch a call.
#pragma once

#include <functional>
#include <memory>

#include "igrot/retriever.h"
#include "models/model.h"
#include "models/tensor_source.h"

namespace igrot {

/// Batches are the caller's to bound: memory grows with them. pixels: [B, 3,
/// side, side]; d: the shared width. Safe from many threads.
class Encoder {
 public:
  virtual ~Encoder() = default;

  virtual Precision precision() const = 0;

  virtual Tensor image(const Tensor& pixels) const = 0;
  virtual Tensor image_local(const Tensor& pixels) const = 0;
  virtual Tensor text(const TokenBatch& tokens) const = 0;
  virtual Tensor text_local(const TokenBatch& tokens) const = 0;
  virtual Tensor targets(const Tensor& pixels, Target target,
                         SumConvention convention) const = 0;
  virtual Tensor union_vectors(const Tensor& pixels,
                               const TokenBatch& tokens) const = 0;
  virtual FusedPairs fuse(const Tensor& pixels, const TokenBatch& tokens,
                          Mask mask) const = 0;
};

/// How to run a model.
struct EncoderOptions {
  Engine engine = Engine::dnnl;
  Precision precision = Precision::f32;
  std::size_t threads = 1;
  /// The ids of "", one row; asked for when first needed.
  std::function<TokenBatch()> empty_text;
};

/// Loads the weights. Throws Error: corrupt, unsupported (a precision the
/// engine or the processor lacks).
std::unique_ptr<Encoder> make_encoder(const TensorSource& source,
                                      const ModelConfig& config,
                                      EncoderOptions options);

}  // namespace igrot
