#include "train/parameters.h"

#include <algorithm>
#include <cassert>

#include "models/write_model.h"

namespace igrot {
namespace {

bool is_frozen(std::string_view name, TrainedEncoder encoder) {
  switch (encoder) {
    case TrainedEncoder::both:
      return false;
    case TrainedEncoder::text:
      return is_image_tower(name);
    case TrainedEncoder::neither:
      return is_backbone(name);
  }
  return false;
}

/// A visitor that makes a leaf for every tensor it meets.
class Builder {
 public:
  Builder(StartedModel& model, const TrainSection& train, at::Device device,
          std::vector<Parameter>& list)
      : model_(model), train_(train), device_(device), list_(list) {}

  void tensor(const TensorSpec& spec, TorchTensor& slot) {
    slot = TorchTensor(leaf(spec));
  }

  void linear(const LinearSpec& spec, TorchLinear& slot) {
    slot.weight = leaf(spec.weight);
    slot.inputs_first = spec.form == WeightForm::inputs_first;
    slot.count = slot.weight.size(slot.inputs_first ? 1 : 0);
    if (!spec.bias.name.empty()) slot.bias = leaf(spec.bias);
  }

  at::Tensor leaf(const TensorSpec& spec) {
    const auto found = model_.tensors.find(spec.name);
    assert(found != model_.tensors.end());
    const Tensor host = std::move(found->second);
    model_.tensors.erase(found);
    return add(spec.name, TorchOps().upload(host).value());
  }

  at::Tensor add(const std::string& name, const at::Tensor& host) {
    auto value = host.to(device_);
    const bool frozen = is_frozen(name, train_.encoder);
    const bool is_clip = train_.mode == TrainMode::clip;
    value.set_requires_grad(!frozen);
    list_.push_back({.name = name,
                     .value = value,
                     .is_backbone = !is_clip && is_backbone(name),
                     .decays = !is_clip || value.dim() > 1,
                     .is_frozen = frozen});
    return value;
  }

 private:
  StartedModel& model_;
  const TrainSection& train_;
  at::Device device_;
  std::vector<Parameter>& list_;
};

}  // namespace

const Parameter& Parameters::find(std::string_view name) const {
  const auto found = std::ranges::find(list, name, &Parameter::name);
  assert(found != list.end());
  return *found;
}

Parameters make_parameters(StartedModel& model, const TrainSection& train,
                           at::Device device) {
  Parameters made;
  made.carried = std::move(model.carried);
  Builder builder(model, train, device, made.list);
  visit_tensors(made.weights, model.config, builder);
  const TorchOps ops;
  split_last_blocks(ops, made.weights.towers, model.config.towers);
  if (model.config.transagg)
    split_last_block(ops, made.weights.transagg.fusion,
                     model.config.transagg->fusion);
  builder.add(std::string(logit_scale_name),
              at::full({}, model.logit_scale, at::kFloat));
  return made;
}

Tensor host_tensor(const at::Tensor& value) {
  return TorchOps().download(TorchTensor(value));
}

}  // namespace igrot
