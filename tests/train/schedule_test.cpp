// Learning rates beside those of PyTorch's CosineAnnealingWarmRestarts.
#include "train/schedule.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

namespace igrot {
namespace {

TEST(Schedule, FollowsThePeersSequencesBeyondItsRestarts) {
  std::ifstream in(std::string(IGROT_TEST_GOLDEN) + "/train/lr_sequences.json");
  const auto sequences = nlohmann::json::parse(in);
  ASSERT_GE(sequences.size(), 5U);
  for (const auto& s : sequences) {
    const Schedule schedule{.period_epochs = s["T_0"],
                            .batches = s["batches_per_epoch"],
                            .lowest = s["eta_min"]};
    const auto& used = s["lr_used_by_step"];
    ASSERT_GT(used.size(), 0U);
    for (std::size_t step = 0; step < used.size(); ++step) {
      const double fresh = used[step][0];
      const double backbone = used[step][1];
      EXPECT_NEAR(schedule.rate(s["learning_rate"], step), fresh,
                  1e-12 * fresh);
      EXPECT_NEAR(schedule.rate(s["backbone_lr"], step), backbone,
                  1e-12 * backbone);
    }
  }
}

TEST(Schedule, RisesInEqualStepsWhileItWarmsUp) {
  const Schedule schedule{
      .period_epochs = 1000, .batches = 1000, .warmup_steps = 4};
  EXPECT_NEAR(schedule.rate(1, 0), 0.25, 1e-6);
  EXPECT_NEAR(schedule.rate(1, 1), 0.5, 1e-6);
  EXPECT_NEAR(schedule.rate(1, 3), 1, 1e-6);
  EXPECT_NEAR(schedule.rate(1, 4), 1, 1e-6);
}

}  // namespace
}  // namespace igrot
