// Walking the tensors of a weight struct: the names, shapes and slots that
// loading, checking, saving and hashing have in common.
//
// Weight structs are templates over a store `S` with two types: `S::Tensor`, a
// vector or table, and `S::Linear`, the weight of a product with its bias. An
// engine is a store; `NoStore` has slots without content, for walking alone.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "igrot/tensor.h"

namespace igrot {

/// A store that holds nothing.
struct NoStore {
  struct Tensor {};
  struct Linear {};
};

/// A tensor as the reference's state dict has it; the backbone's names stand
/// without their prefix.
struct TensorSpec {
  std::string name;
  Shape shape;
};

/// How the weight of y = x W^T + b lies in the state dict.
enum class WeightForm {
  outputs_first,  ///< [out, ...], all dimensions after the first are inputs
  inputs_first,   ///< [in, out], as x @ projection
};

/// The tensors of one product. An empty bias name: it has none.
struct LinearSpec {
  TensorSpec weight;
  TensorSpec bias;
  WeightForm form = WeightForm::outputs_first;
};

/// A visitor and the place in the state dict it stands at. A visitor has
/// `tensor(TensorSpec, slot&)` and `linear(LinearSpec, slot&)`.
template <class Visitor>
class Scope {
 public:
  explicit Scope(Visitor& visitor, std::string prefix = {})
      : visitor_(&visitor), prefix_(std::move(prefix)) {}

  /// The place `name.` below this one.
  Scope operator/(std::string_view name) const {
    return Scope(*visitor_, prefix_ + std::string(name) + ".");
  }
  Scope operator/(std::size_t index) const {
    return *this / std::to_string(index);
  }

  template <class Slot>
  void tensor(std::string_view name, Slot& slot, Shape shape) const {
    visitor_->tensor(spec(name, std::move(shape)), slot);
  }

  /// `name.weight` [out, in] and `name.bias` [out].
  template <class Slot>
  void linear(std::string_view name, Slot& slot, std::size_t out,
              std::size_t in) const {
    (*this / name).product("weight", "bias", slot, {out, in});
  }

  /// `name.weight` [out, in] alone.
  template <class Slot>
  void linear_no_bias(std::string_view name, Slot& slot, std::size_t out,
                      std::size_t in) const {
    (*this / name).product("weight", "", slot, {out, in});
  }

  /// A product whose tensors have names of their own.
  template <class Slot>
  void product(std::string_view weight, std::string_view bias, Slot& slot,
               Shape shape, WeightForm form = WeightForm::outputs_first) const {
    const Shape bias_shape{shape.front()};
    visitor_->linear(
        LinearSpec{spec(weight, std::move(shape)),
                   bias.empty() ? TensorSpec{} : spec(bias, bias_shape), form},
        slot);
  }

 private:
  TensorSpec spec(std::string_view name, Shape shape) const {
    return {prefix_ + std::string(name), std::move(shape)};
  }

  Visitor* visitor_;
  std::string prefix_;
};

/// A visitor that lists what it meets.
struct Listing {
  std::vector<TensorSpec> tensors;

  template <class Slot>
  void tensor(TensorSpec spec, Slot& /*slot*/) {
    tensors.push_back(std::move(spec));
  }
  template <class Slot>
  void linear(LinearSpec spec, Slot& /*slot*/) {
    tensors.push_back(std::move(spec.weight));
    if (!spec.bias.name.empty()) tensors.push_back(std::move(spec.bias));
  }
};

}  // namespace igrot
