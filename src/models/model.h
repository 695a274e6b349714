// A whole model: the towers and, where it has them, the heads.
#pragma once

#include <optional>

#include "models/towers.h"
#include "models/transagg.h"
#include "models/union_head.h"

namespace igrot {

struct ModelConfig {
  TowersConfig towers;
  std::optional<TransAggConfig> transagg;
  std::optional<UnionConfig> union_head;
};

template <class S>
struct ModelWeights {
  TowerWeights<S> towers;
  TransAggWeights<S> transagg;  ///< empty where the model has none
  UnionWeights<S> union_head;   ///< likewise
};

/// Names and shapes of all tensors of a model: the only list of them. Makes
/// room for as many blocks as the configuration says.
template <class S, class Visitor>
void visit_tensors(ModelWeights<S>& w, const ModelConfig& c, Visitor& visitor) {
  const Scope<Visitor> at(visitor);
  visit_tensors(w.towers, c.towers, at);
  if (c.transagg) visit_tensors(w.transagg, *c.transagg, at);
  if (c.union_head) visit_tensors(w.union_head, *c.union_head, at);
}

/// Names and shapes of a model with this configuration.
inline std::vector<TensorSpec> list_tensors(const ModelConfig& c) {
  ModelWeights<NoStore> nothing;
  Listing listing;
  visit_tensors(nothing, c, listing);
  return std::move(listing.tensors);
}

}  // namespace igrot
