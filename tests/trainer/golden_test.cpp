// Whole runs beside those of the reference program: every number it wrote down.
// Tolerances: tests/golden/train/README.md.
#include <gmock/gmock.h>

#include <cmath>

#include "formats/checkpoint.h"
#include "tests/trainer/small_run.h"

namespace igrot::test {
namespace {

using nlohmann::json;

/// A tensor's numbers as the goldens sum them up.
struct Summary {
  double l2 = 0;
  double sum = 0;
};

Summary summary_of(const Tensor& tensor) {
  Summary s;
  for (const float value : tensor.values()) {
    s.l2 += double{value} * double{value};
    s.sum += double{value};
  }
  s.l2 = std::sqrt(s.l2);
  return s;
}

float largest(const Tensor& tensor) {
  float most = 0;
  for (const float value : tensor.values())
    most = std::max(most, std::abs(value));
  return most;
}

struct Case {
  std::string folder;
  Target target = Target::union_;
  TrainedEncoder encoder = TrainedEncoder::both;
  Mask mask = Mask::automatic;
  double learning_rate = 1e-4;
};

class GoldenRun : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    const auto& c = GetParam();
    golden_ = read_json(train_golden() / c.folder / "steps.json");
    write_triplets(folder_ / "triplets.jsonl");
    const auto model = golden_["model"].get<std::string>() + "_union";
    TrainRequest request;
    request.out = out_;
    auto& config = request.config;
    config.model.init = unpacked(model + "/" + model + ".pth");
    if (!is_blip(model)) config.model.activation = "quick_gelu";
    config.model.target = c.target;
    config.data.triplets = folder_ / "triplets.jsonl";
    config.train.encoder = c.encoder;
    config.train.mask = c.mask;
    config.train.learning_rate = c.learning_rate;
    config.train.epochs = 4;
    config.train.batch_size = 8;
    config.train.shuffle = false;
    config.train.dropout = 0;
    config.train.save_gradients = {1};
    const auto result = train(request, two_threads());
    ASSERT_EQ(result.steps, 8U);
    ASSERT_EQ(result.skipped, 0U);
  }

  json golden_;
  TemporaryFolder folder_;
  fs::path out_ = folder_ / "out";
};

TEST_P(GoldenRun, HasTheReferencesNumbers) {
  const auto& folder = GetParam().folder;
  const auto steps = read_lines(out_ / "steps.jsonl");
  ASSERT_EQ(steps.size(), golden_["loss"].size());
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto at = [&](const char* name) {
      return golden_[name][i].get<double>();
    };
    EXPECT_EQ(steps[i]["step"], i + 1);
    EXPECT_NEAR(steps[i]["loss"], at("loss"), 5e-4) << i;
    const auto norm = at("grad_norm_before_clip");
    EXPECT_NEAR(steps[i]["grad_norm"], norm, 5e-4 * norm) << i;
    EXPECT_NEAR(steps[i]["lr_new"], at("lr_new"), 1e-12 * at("lr_new"));
    EXPECT_NEAR(steps[i]["lr_backbone"], at("lr_backbone"),
                1e-12 * at("lr_backbone"));
  }

  const auto gradients = Checkpoint::open(out_ / "gradients-1.safetensors");
  EXPECT_EQ(gradients.tensors().size(), golden_["grad_step0"].size());
  for (const auto& [name, expected] : golden_["grad_step0"].items()) {
    const auto* stored = gradients.find(name);
    ASSERT_TRUE(stored) << name;
    const auto tensor = stored->to_tensor();
    const auto l2 = expected["l2"].get<double>();
    if (l2 < 1e-3) continue;  // rounding noise
    EXPECT_NEAR(summary_of(tensor).l2, l2, 1e-4 * l2) << name;
    const auto full = train_golden() / folder / ("grad0." + name + ".npy");
    if (!fs::exists(full)) continue;
    EXPECT_TRUE(near(tensor, read_npy_f32(full),
                     {1e-4F * largest(read_npy_f32(full)), 0}))
        << name;
  }

  const auto after = Checkpoint::open(out_ / "last.safetensors");
  const auto pth = Checkpoint::open(out_ / "best.pth");
  EXPECT_EQ(pth.tensors().size(), after.tensors().size());
  EXPECT_GE(after.tensors().size(), golden_["param_after"].size());
  for (const auto& [name, expected] : golden_["param_after"].items()) {
    const auto* stored = after.find(name);
    ASSERT_TRUE(stored) << name;
    const auto tensor = stored->to_tensor();
    const auto l2 = expected["l2"].get<double>();
    EXPECT_NEAR(summary_of(tensor).l2, l2, 1e-5 * l2) << name;
    ASSERT_TRUE(pth.find(name)) << name;
    EXPECT_TRUE(near(pth.find(name)->to_tensor(), tensor, {0, 0})) << name;
    const auto full = train_golden() / folder / ("after." + name + ".npy");
    if (!fs::exists(full)) continue;
    // Adam's steps of a gradient that is only rounding noise may differ.
    const float most = name.ends_with("in_proj_bias") ? 5e-5F : 2e-5F;
    EXPECT_TRUE(near(tensor, read_npy_f32(full), {most, 0})) << name;
  }
}

std::string name_of_case(const testing::TestParamInfo<Case>& info) {
  auto name = info.param.folder;
  std::erase_if(name, [](char c) { return !std::isalnum(c); });
  return name;
}

using enum TrainedEncoder;
INSTANTIATE_TEST_SUITE_P(
    Clip, GoldenRun,
    testing::Values(Case{"clip_tiny_original_both", Target::original, both},
                    Case{"clip_tiny_original_text", Target::original, text},
                    Case{"clip_tiny_original_neither", Target::original,
                         neither},
                    Case{"clip_tiny_sum_both", Target::sum, both},
                    Case{"clip_tiny_sum_text", Target::sum, text},
                    Case{"clip_tiny_sum_neither", Target::sum, neither},
                    Case{"clip_tiny_union_both", Target::union_, both},
                    Case{"clip_tiny_union_text", Target::union_, text},
                    Case{"clip_tiny_union_neither", Target::union_, neither},
                    Case{"clip_tiny_union_both_maskbool", Target::union_, both,
                         Mask::boolean},
                    Case{"clip_tiny_union_both_lr0.001", Target::union_, both,
                         Mask::automatic, 1e-3},
                    Case{"clip_tiny_odd_union_both", Target::union_, both}),
    name_of_case);

INSTANTIATE_TEST_SUITE_P(
    Blip, GoldenRun,
    testing::Values(Case{"blip_tiny_original_both", Target::original, both},
                    Case{"blip_tiny_union_both", Target::union_, both},
                    Case{"blip_tiny_union_text", Target::union_, text},
                    Case{"blip_tiny_union_neither", Target::union_, neither}),
    name_of_case);

}  // namespace
}  // namespace igrot::test
