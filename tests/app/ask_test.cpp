#include "ask.h"

#include <gmock/gmock.h>

#include "igrot/error.h"

namespace igrot::app {
namespace {

Question asked(std::size_t pictures, const std::string& text) {
  Question question;
  for (std::size_t i = 0; i < pictures; ++i)
    question.pictures.push_back({"a.jpg", 1});
  question.text = text;
  return question;
}

Fusion fusion(const Question& question, bool transagg) {
  return choose_fusion(question, {}, transagg).fusion;
}

TEST(ChooseFusion, TakesWordsAloneAsText) {
  EXPECT_EQ(fusion(asked(0, "dog"), true), Fusion::text);
}

TEST(ChooseFusion, ComposesOnePictureWhereTheModelCan) {
  EXPECT_EQ(fusion(asked(1, "dog"), true), Fusion::transagg);
  EXPECT_EQ(fusion(asked(1, ""), true), Fusion::transagg);
  EXPECT_EQ(fusion(asked(2, "dog"), true), Fusion::sum);
  EXPECT_EQ(fusion(asked(1, "dog"), false), Fusion::sum);
  EXPECT_EQ(fusion(asked(1, ""), false), Fusion::image);
}

TEST(ChooseFusion, FollowsWeightsOfTheTerms) {
  auto question = asked(1, "night");
  question.text_weight = 3;
  const auto choice = choose_fusion(question, {}, true);
  EXPECT_EQ(choice.fusion, Fusion::weighted);
  EXPECT_FLOAT_EQ(choice.picture_weight, 0.25F);
}

TEST(ChooseFusion, FollowsTheSetting) {
  const AskSettings settings{.fusion = Fusion::weighted,
                             .picture_weight = 0.3F,
                             .negative_weight = 0.5F,
                             .sketch_prompt = ""};
  const auto choice = choose_fusion(asked(1, "dog"), settings, true);
  EXPECT_EQ(choice.fusion, Fusion::weighted);
  EXPECT_FLOAT_EQ(choice.picture_weight, 0.3F);
}

TEST(MakeQuery, RefusesAnEmptyQuestion) {
  Question question;
  question.negative_texts = {"fruit"};
  EXPECT_THROW(make_query(question, {}, {}, true), Error);
}

TEST(MakeQuery, PassesWordsAndNegativesOn) {
  auto question = asked(0, "dog");
  question.negative_texts = {"night"};
  question.negative_weight = 0.2F;
  const auto query = make_query(question, {}, {}, true);
  EXPECT_EQ(query.text, "dog");
  EXPECT_EQ(query.fusion, Fusion::text);
  EXPECT_EQ(query.negative_weight, 0.2F);
  EXPECT_THAT(query.negative_texts, testing::ElementsAre("night"));
}

}  // namespace
}  // namespace igrot::app
