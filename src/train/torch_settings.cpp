#include "train/torch_settings.h"

#include <ATen/Context.h>

#include "base/fail.h"

namespace igrot {
namespace {

at::ScalarType product_type(TrainPrecision precision) {
  switch (precision) {
    case TrainPrecision::f32:
      return at::kFloat;
    case TrainPrecision::bf16:
      return at::kBFloat16;
    case TrainPrecision::f16:
      return at::kHalf;
  }
  return at::kFloat;
}

}  // namespace

at::Device chosen_device(const TrainSection& train) {
  const bool has_cuda = at::hasCUDA();
  if (train.device == Device::cuda && !has_cuda)
    fail(ErrorKind::unsupported,
         "train.device is cuda, which this libtorch or machine lacks");
  const bool cuda = has_cuda && train.device != Device::cpu;
  if (train.precision == TrainPrecision::f16 && !cuda)
    fail(ErrorKind::unsupported,
         "train.precision f16 needs a CUDA device; bf16 works anywhere");
  return cuda ? at::kCUDA : at::kCPU;
}

TorchOptions torch_options(const TrainSection& train, at::Device device) {
  return {
      .kernels = device.is_cpu() ? TorchKernels::own : TorchKernels::library,
      .device = device,
      .product_type = product_type(train.precision),
      .dropout = {}};
}

AdamWOptions adamw_options(const TrainSection& train) {
  AdamWOptions options;
  options.weight_decay = train.weight_decay;
  options.beta2 = train.adam_beta2;
  options.eps = train.adam_eps;
  return options;
}

}  // namespace igrot
