#include "train/adamw.h"

#include <ATen/Parallel.h>
#include <c10/core/GradMode.h>

#include <cmath>

#include "train/adamw_kernel.h"

namespace igrot {
namespace {

/// Elements a thread takes at a time: enough to be worth waking it.
constexpr std::int64_t grain = 1 << 15;

bool is_plain(const at::Tensor& x) {
  return x.is_cpu() && x.is_contiguous() && x.scalar_type() == at::kFloat;
}

void update_here(const at::Tensor& value, const at::Tensor& gradient,
                 const Moments& moments, const AdamWStep& step) {
  auto* p = value.data_ptr<float>();
  const auto* g = gradient.data_ptr<float>();
  auto* m = moments.first.data_ptr<float>();
  auto* v = moments.second.data_ptr<float>();
  at::parallel_for(0, value.numel(), grain,
                   [&](std::int64_t from, std::int64_t to) {
                     adamw_update(p + from, g + from, m + from, v + from,
                                  static_cast<std::size_t>(to - from), step);
                   });
}

/// The same by libtorch's operations, for other devices.
void update_there(const at::Tensor& value, const at::Tensor& gradient,
                  const Moments& moments, const AdamWStep& step) {
  const auto g = gradient * step.gradient_factor;
  value.mul_(step.keep);
  moments.first.mul_(step.beta1).add_(g, 1 - step.beta1);
  moments.second.mul_(step.beta2).addcmul_(g, g, 1 - step.beta2);
  const auto scale =
      moments.second.sqrt().div_(step.second_correction).add_(step.eps);
  value.addcdiv_(moments.first, scale, -step.step_size);
}

}  // namespace

double AdamW::gradient_norm() const {
  std::vector<at::Tensor> norms;
  for (const auto& parameter : parameters_)
    if (parameter.value.grad().defined())
      norms.push_back(parameter.value.grad().norm());
  if (norms.empty()) return 0;
  return at::stack(norms).norm().item<double>();
}

void AdamW::unscale(double factor) const {
  for (const auto& parameter : parameters_)
    if (parameter.value.grad().defined()) parameter.value.grad().div_(factor);
}

void AdamW::step(double rate_new, double rate_backbone,
                 double gradient_factor) {
  const c10::NoGradGuard no_gradients;
  ++steps_;
  const auto t = static_cast<double>(steps_);
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const auto& parameter = parameters_[i];
    const auto& value = parameter.value;
    const auto& gradient = value.grad();
    if (!gradient.defined()) continue;
    auto& moments = moments_[i];
    if (!moments.first.defined())
      moments = {at::zeros_like(value), at::zeros_like(value)};
    const auto rate = parameter.is_backbone ? rate_backbone : rate_new;
    const auto decay = parameter.decays ? options_.weight_decay : 0;
    const AdamWStep step{
        .gradient_factor = gradient_factor,
        .keep = 1 - rate * decay,
        .beta1 = options_.beta1,
        .beta2 = options_.beta2,
        .step_size = rate / (1 - std::pow(options_.beta1, t)),
        .second_correction = std::sqrt(1 - std::pow(options_.beta2, t)),
        .eps = options_.eps};
    if (is_plain(value) && is_plain(gradient))
      update_here(value, gradient, moments, step);
    else
      update_there(value, gradient, moments, step);
  }
}

void AdamW::clear_gradients() const {
  for (const auto& parameter : parameters_)
    if (parameter.value.grad().defined())
      parameter.value.mutable_grad() = at::Tensor();
}

void AdamW::restore(std::uint64_t steps, std::vector<Moments> moments) {
  steps_ = steps;
  moments_ = std::move(moments);
}

}  // namespace igrot
