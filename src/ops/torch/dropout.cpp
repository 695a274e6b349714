#include "ops/torch/dropout.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cassert>

#include "base/random.h"

namespace igrot {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// The purpose that tells these numbers from others of the same seed.
constexpr std::uint64_t dropout_purpose = 0x64726f70;

at::Tensor masked(const at::Tensor& x, const at::Tensor& kept, double factor) {
  return (x * kept).mul_(factor);
}

struct Drop : torch::autograd::Function<Drop> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x,
                            const at::Tensor& kept, double factor) {
    context->save_for_backward({kept});
    context->saved_data["factor"] = factor;
    return masked(x, kept, factor);
  }

  static variable_list backward(AutogradContext* context,
                                variable_list gradients) {
    return {masked(gradients[0], context->get_saved_variables()[0],
                   context->saved_data["factor"].toDouble()),
            {},
            {}};
  }
};

/// Four elements a counter; `row` is the sample's.
void fill(std::uint8_t* kept, std::int64_t first, std::int64_t last,
          std::uint64_t key, std::uint64_t row, std::uint32_t threshold) {
  for (auto j = first; j < last;) {
    const auto words = philox(key, row, static_cast<std::uint64_t>(j) / 4);
    do {
      kept[j] = words[static_cast<std::size_t>(j % 4)] >= threshold;
      ++j;
    } while (j < last && j % 4 != 0);
  }
}

}  // namespace

at::Tensor kept_elements(at::IntArrayRef sizes, const DropoutKeys& keys,
                         std::uint64_t place, float probability) {
  const auto samples = sizes.front();
  assert(static_cast<std::size_t>(samples) == keys.samples.size());
  auto kept = at::empty(sizes, at::kByte);
  if (kept.numel() == 0) return kept;
  const auto size = kept.numel() / samples;
  const auto key =
      Random(keys.seed, dropout_purpose, keys.epoch, keys.step).key() + place;
  const auto threshold =
      static_cast<std::uint32_t>(double{probability} * 0x1p32);
  auto* out = kept.data_ptr<std::uint8_t>();
  at::parallel_for(0, samples, 1, [&](std::int64_t from, std::int64_t to) {
    for (auto i = from; i < to; ++i)
      fill(out + i * size, 0, size, key,
           keys.samples[static_cast<std::size_t>(i)], threshold);
  });
  return kept;
}

at::Tensor drop(const at::Tensor& x, const at::Tensor& kept,
                float probability) {
  return Drop::apply(x, kept, 1 / (1 - double{probability}));
}

}  // namespace igrot
