#include "base/random.h"

#include <gmock/gmock.h>

namespace igrot {
namespace {

using testing::ElementsAre;

// Known answers of the authors' Random123 library (kat_vectors, philox4x32 10).
TEST(Philox, GivesTheAuthorsNumbers) {
  EXPECT_THAT(philox(0, 0, 0),
              ElementsAre(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8));
  const auto ones = ~std::uint64_t{0};
  EXPECT_THAT(philox(ones, ones, ones),
              ElementsAre(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd));
}

TEST(Random, RepeatsUnderItsNameAndDiffersUnderAnother) {
  Random a(1, 2, 3);
  Random same(1, 2, 3);
  Random other(1, 2, 4);
  Random order(1, 3, 2);
  const auto first = a.word();
  EXPECT_EQ(first, same.word());
  EXPECT_NE(first, other.word());
  EXPECT_NE(first, order.word());
  EXPECT_NE(first, a.word());
}

// Six standard errors of a mean of 100,000.
TEST(Random, HasTheMomentsOfItsLaws) {
  Random random(7);
  double uniform = 0;
  double normal = 0;
  double square = 0;
  constexpr int count = 100'000;
  for (int i = 0; i < count; ++i) {
    uniform += double{random.uniform()} / count;
    const double z = double{random.normal()};
    normal += z / count;
    square += z * z / count;
  }
  EXPECT_NEAR(uniform, 0.5, 6 * 0.2887 / 316);
  EXPECT_NEAR(normal, 0, 6.0 / 316);
  EXPECT_NEAR(square, 1, 6 * 1.4143 / 316);
}

TEST(Random, StaysBelowItsBound) {
  Random random(3);
  std::array<int, 5> seen{};
  for (int i = 0; i < 1000; ++i) ++seen.at(random.below(5));
  EXPECT_THAT(seen, testing::Each(testing::Gt(100)));
  EXPECT_EQ(random.below(1), 0U);
}

}  // namespace
}  // namespace igrot
