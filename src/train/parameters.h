// The numbers that learn: leaves of autograd under their canonical names, and
// the model's weights as views of them.
#pragma once

#include <string>
#include <vector>

#include "ops/torch/torch_ops.h"
#include "train/model_start.h"

namespace igrot {

struct Parameter {
  std::string name;          ///< canonical
  at::Tensor value;          ///< as the state dict has it
  bool is_backbone = false;  ///< learns at the backbone's rate
  bool decays = true;        ///< by weight decay
  bool is_frozen = false;
};

/// Parameters of a model, CLIP's temperature last.
struct Parameters {
  ModelWeights<TorchOps> weights;
  std::vector<Parameter> list;
  std::vector<CarriedTensor> carried;  ///< go into checkpoints unchanged

  const Parameter& temperature() const { return list.back(); }
  const Parameter& find(std::string_view name) const;
};

/// Moves the tensors out of `model`. What the encoder setting freezes gets no
/// gradient. In mode `clip` everything learns at the rate of new layers, and
/// only matrices decay, as OpenAI trained CLIP.
Parameters make_parameters(StartedModel& model, const TrainSection& train,
                           at::Device device);

/// A copy on the host.
Tensor host_tensor(const at::Tensor& value);

}  // namespace igrot
