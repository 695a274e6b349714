// From stored tensors to an engine's weights.
#pragma once

#include <utility>

#include "models/model.h"
#include "models/tensor_source.h"
#include "tensor/transposed.h"

namespace igrot {

/// A visitor that fills every slot it meets from checked tensors.
template <Ops O>
class WeightLoader {
 public:
  WeightLoader(const O& ops, const TensorSource& source)
      : ops_(ops), source_(source) {}

  void tensor(const TensorSpec& spec, typename O::Tensor& slot) {
    slot = ops_.upload(source_.read(spec));
  }

  void linear(const LinearSpec& spec, typename O::Linear& slot) {
    auto weight = source_.read(spec.weight);
    if (spec.form == WeightForm::inputs_first) {
      weight = transposed(weight);
    } else {
      const auto out = weight.shape().front();
      const auto in = weight.size() / out;
      weight = std::move(weight).reshaped({out, in});
    }
    if (spec.bias.name.empty()) {
      slot = ops_.pack_linear(weight, nullptr);
    } else {
      const auto bias = source_.read(spec.bias);
      slot = ops_.pack_linear(weight, &bias);
    }
  }

 private:
  const O& ops_;
  const TensorSource& source_;
};

/// The weights of a model whose tensors passed `derive_config`. Throws Error:
/// corrupt.
template <Ops O>
ModelWeights<O> load_weights(const O& ops, const TensorSource& source,
                             const ModelConfig& config) {
  ModelWeights<O> weights;
  WeightLoader<O> loader(ops, source);
  visit_tensors(weights, config, loader);
  split_last_blocks(ops, weights.towers, config.towers);
  if (config.transagg)
    split_last_block(ops, weights.transagg.fusion, config.transagg->fusion);
  return weights;
}

}  // namespace igrot
