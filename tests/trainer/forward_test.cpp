// The same numbers from the engine that learns, by both kinds of kernels.
#include <numeric>

#include "models/derive.h"
#include "models/weights.h"
#include "ops/plain/plain_ops.h"
#include "ops/torch/torch_ops.h"
#include "tests/models/small_siglip.h"

namespace igrot::test {
namespace {

template <TorchKernels kernels>
struct TorchTestEngine {
  TorchOps context() const {
    TorchOptions options;
    options.kernels = kernels;
    return TorchOps(options);
  }
};

using Engines = testing::Types<TorchTestEngine<TorchKernels::own>,
                               TorchTestEngine<TorchKernels::library>>;

#include "tests/models/forward_tests.inl"

}  // namespace
}  // namespace igrot::test
