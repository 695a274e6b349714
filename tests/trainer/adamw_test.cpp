// AdamW beside libtorch's own.
#include <gtest/gtest.h>
#include <torch/optim/adamw.h>

#include "train/adamw.h"

namespace igrot {
namespace {

TEST(AdamW, StepsAsPyTorchDoes) {
  std::vector<Parameter> list;
  std::vector<at::Tensor> theirs;
  for (int i = 0; i < 3; ++i) {
    const auto start = at::randn({5, 7});
    list.push_back({.name = "p" + std::to_string(i),
                    .value = start.clone().set_requires_grad(true),
                    .is_backbone = i == 1});
    theirs.push_back(start.clone().set_requires_grad(true));
  }
  AdamW ours(list, {.weight_decay = 0.05, .eps = 1e-6});
  const auto group = [&](std::vector<at::Tensor> of, double rate) {
    return torch::optim::OptimizerParamGroup(
        std::move(of),
        std::make_unique<torch::optim::AdamWOptions>(
            torch::optim::AdamWOptions(rate).weight_decay(0.05).eps(1e-6)));
  };
  torch::optim::AdamW peer(std::vector<torch::optim::OptimizerParamGroup>{
      group({theirs[0], theirs[2]}, 1e-2), group({theirs[1]}, 1e-3)});
  // The last has no gradient: it is left alone, without decay.
  const auto untouched = list[2].value.detach().clone();
  for (int step = 0; step < 10; ++step) {
    for (std::size_t i = 0; i < 2; ++i) {
      const auto gradient = at::randn({5, 7});
      list[i].value.mutable_grad() = gradient.clone();
      theirs[i].mutable_grad() = gradient * 0.5;
    }
    ours.step(1e-2, 1e-3, 0.5);
    peer.step();
  }
  for (std::size_t i = 0; i < 2; ++i)
    EXPECT_TRUE(at::allclose(list[i].value, theirs[i], 1e-5, 1e-6)) << i;
  EXPECT_TRUE(at::equal(list[2].value, untouched));
}

TEST(AdamW, MeasuresTheNormOverAllGradients) {
  std::vector<Parameter> list{{.name = "a", .value = at::zeros({2})},
                              {.name = "b", .value = at::zeros({1})},
                              {.name = "c", .value = at::zeros({9})}};
  list[0].value.mutable_grad() = at::full({2}, 2.0F);
  list[1].value.mutable_grad() = at::full({1}, 1.0F);
  const AdamW adamw(list, {});
  EXPECT_NEAR(adamw.gradient_norm(), 3, 1e-6);
}

TEST(AdamW, DecaysOnlyWhatDecays) {
  std::vector<Parameter> list{
      {.name = "a", .value = at::ones({1})},
      {.name = "b", .value = at::ones({1}), .decays = false}};
  for (auto& parameter : list) parameter.value.mutable_grad() = at::zeros({1});
  AdamW adamw(list, {.weight_decay = 0.5});
  adamw.step(0.1, 0.1, 1);
  EXPECT_NEAR(list[0].value.item<float>(), 0.95, 1e-6);
  EXPECT_NEAR(list[1].value.item<float>(), 1, 1e-6);
}

}  // namespace
}  // namespace igrot
