#include "eval/answer_places.h"

#include <gmock/gmock.h>

namespace igrot {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

EvalQuestion question(SharedRows relevant,
                      std::vector<std::size_t> removed = {}) {
  return {.picture = {},
          .text = {},
          .relevant = std::move(relevant),
          .removed = std::move(removed),
          .split = {},
          .kinds = {}};
}

/// A gallery of width 1 whose rows score 5, 4, 3, 2, 1, 0.
AnswerPlaces places_of(const EvalQuestion& question) {
  const std::vector<float> scores{5, 4, 3, 2, 1, 0};
  const Tensor gallery({6, 1}, scores);
  const Tensor query({1, 1}, std::vector<float>{1});
  return answer_places({&question, 1}, query.matrix(), gallery.matrix(), 1)
      .at(0);
}

TEST(AnswerPlaces, LeaveOutWhatIsRemoved) {
  const auto places = places_of(question({2, 5}, {0}));
  EXPECT_THAT(places.right, ElementsAre(1, 4));
  EXPECT_EQ(places.target, 1U);
  EXPECT_EQ(places.in_subset, unranked);
}

TEST(AnswerPlaces, KnowTheAnswerThatWasMeant) {
  auto asked = question({2, 5}, {0});
  asked.target = 5;
  EXPECT_EQ(places_of(asked).target, 4U);
}

TEST(AnswerPlaces, CountTheSubsetAheadOfTheAnswer) {
  auto asked = question({4}, {1});
  asked.subset = {5, 4, 1, 0, 2};  // 1 is removed: 0 and 2 are ahead
  EXPECT_EQ(places_of(asked).in_subset, 2U);
}

TEST(AnswerPlaces, AreNoneWhereNothingIsRight) {
  auto asked = question({});
  asked.subset = {0, 1};
  const auto places = places_of(asked);
  EXPECT_THAT(places.right, IsEmpty());
  EXPECT_EQ(places.target, unranked);
  EXPECT_EQ(places.in_subset, unranked);
}

}  // namespace
}  // namespace igrot
