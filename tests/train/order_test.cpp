#include "train/order.h"

#include <gmock/gmock.h>

namespace igrot {
namespace {

using testing::ElementsAre;
using testing::Not;
using testing::UnorderedElementsAreArray;

TEST(EpochOrder, IsTheOrderOfTheDataWithoutShuffling) {
  EXPECT_THAT(epoch_order(4, false, 7, 3), ElementsAre(0, 1, 2, 3));
}

TEST(EpochOrder, HoldsEverySampleOnce) {
  EXPECT_THAT(epoch_order(100, true, 7, 3),
              UnorderedElementsAreArray(epoch_order(100, false, 7, 3)));
}

TEST(EpochOrder, IsAnotherInEachEpochAndForEachSeed) {
  const auto first = epoch_order(50, true, 1, 0);
  EXPECT_EQ(first, epoch_order(50, true, 1, 0));
  EXPECT_NE(first, epoch_order(50, true, 1, 1));
  EXPECT_NE(first, epoch_order(50, true, 2, 0));
}

// A sample's place is uniform: over 2,000 epochs sample 0 comes first in a
// tenth of them, within six deviations.
TEST(EpochOrder, PutsASampleAnywhereEquallyOften) {
  std::size_t first = 0;
  for (std::size_t epoch = 0; epoch < 2000; ++epoch)
    first += epoch_order(10, true, 5, epoch).front() == 0;
  EXPECT_NEAR(static_cast<double>(first), 200, 6 * 13.4);
}

}  // namespace
}  // namespace igrot
