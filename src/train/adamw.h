// AdamW as PyTorch computes it (Loshchilov and Hutter, ICLR 2019), with the
// clipping of the gradient's norm. Source: method.md 7.
#pragma once

#include <cstdint>
#include <vector>

#include "train/parameters.h"

namespace igrot {

struct AdamWOptions {
  double weight_decay = 0.05;
  double eps = 1e-6;
  double beta1 = 0.9;
  double beta2 = 0.999;
};

/// The moments of one parameter; undefined until its first gradient.
struct Moments {
  at::Tensor first;
  at::Tensor second;
};

/// Optimiser state beside a list of parameters. What has no gradient is left
/// alone, without decay.
class AdamW {
 public:
  AdamW(const std::vector<Parameter>& parameters, AdamWOptions options)
      : parameters_(parameters),
        options_(options),
        moments_(parameters.size()) {}

  /// L2 norm over all gradients.
  double gradient_norm() const;

  /// Divides all gradients by `factor`, in place.
  void unscale(double factor) const;

  /// One update. gradient_factor: what gradients are multiplied by first.
  void step(double rate_new, double rate_backbone, double gradient_factor);

  void clear_gradients() const;

  std::uint64_t steps() const { return steps_; }
  const std::vector<Moments>& moments() const { return moments_; }
  void restore(std::uint64_t steps, std::vector<Moments> moments);

 private:
  const std::vector<Parameter>& parameters_;
  AdamWOptions options_;
  std::vector<Moments> moments_;
  std::uint64_t steps_ = 0;
};

}  // namespace igrot
