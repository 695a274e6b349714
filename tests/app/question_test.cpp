#include "question.h"

#include <gmock/gmock.h>

#include <fstream>

#include "igrot/error.h"
#include "tests/temporary_folder.h"

namespace igrot::app {
namespace {

using testing::ElementsAre;

bool ends_in_jpg(std::string_view word) {
  return word.ends_with(".jpg");
}

Question ask(const std::vector<std::string>& words) {
  Question question;
  read_terms(words, ends_in_jpg, question);
  return question;
}

void expect_usage(const std::vector<std::string>& words) {
  try {
    ask(words);
    FAIL() << "expected an error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
  }
}

TEST(Terms, JoinPlainWordsIntoOneText) {
  const auto question = ask({"a", "dog", "on the beach"});
  EXPECT_EQ(question.text, "a dog on the beach");
  EXPECT_TRUE(question.pictures.empty());
}

TEST(Terms, SplitAtPlusAndMinus) {
  const auto question = ask({"./a.jpg", "+", "night", "-", "fruit"});
  ASSERT_EQ(question.pictures.size(), 1U);
  EXPECT_EQ(question.pictures[0].path, "./a.jpg");
  EXPECT_EQ(question.text, "night");
  EXPECT_THAT(question.negative_texts, ElementsAre("fruit"));
}

TEST(Terms, TakeTheNumberBeforeAColonAsWeight) {
  const auto question = ask({"2:a.jpg", "+", "0.5:red", "car", "-", "3:b.jpg"});
  EXPECT_EQ(question.pictures.at(0).weight, 2.0F);
  EXPECT_EQ(question.pictures.at(0).path, "a.jpg");
  EXPECT_EQ(question.text, "red car");
  EXPECT_EQ(question.text_weight, 0.5F);
  EXPECT_THAT(question.negative_pictures, ElementsAre("b.jpg"));
  EXPECT_EQ(question.negative_weight, 3.0F);
}

TEST(Terms, LeaveColonsInWordsAlone) {
  EXPECT_EQ(ask({"title: dog"}).text, "title: dog");
  EXPECT_EQ(ask({"dog:2"}).text, "dog:2");
  EXPECT_EQ(ask({"nan:dog"}).text, "nan:dog");
}

TEST(Terms, JoinSeveralTermsOfWordsByCommas) {
  EXPECT_EQ(ask({"night", "+", "rain"}).text, "night, rain");
}

TEST(Terms, MayBeginWithMinus) {
  const auto question = ask({"-", "fruit"});
  EXPECT_TRUE(question.empty());
  EXPECT_THAT(question.negative_texts, ElementsAre("fruit"));
}

TEST(Terms, RefuseASignWithoutATerm) {
  expect_usage({"night", "-"});
  expect_usage({"night", "+", "-", "fruit"});
}

TEST(Terms, RefuseDifferentWeightsOfWords) {
  expect_usage({"2:night", "+", "rain"});
  expect_usage({"dog", "-", "2:night", "-", "rain"});
}

TEST(Terms, RefuseAWeightOfNothing) {
  expect_usage({"0:night"});
}

TEST(WeightedPicture, TakesTheNumberAfterTheLastEqualsSign) {
  EXPECT_EQ(read_weighted_picture("a=b.jpg=2.5").path, "a=b.jpg");
  EXPECT_EQ(read_weighted_picture("a=b.jpg=2.5").weight, 2.5F);
  EXPECT_EQ(read_weighted_picture("a=b.jpg").path, "a=b.jpg");
}

TEST(WeightedPicture, KeepsTheNameOfAFileThatExists) {
  const TemporaryFolder folder;
  std::ofstream(folder / "a=2").flush();
  EXPECT_EQ(read_weighted_picture((folder / "a=2").string()).weight, 1.0F);
}

TEST(Negatives, ComeFromWordsAndFromTheOption) {
  auto question = ask({"dog", "-", "night"});
  read_negative("b.jpg", ends_in_jpg, question);
  EXPECT_THAT(question.negative_texts, ElementsAre("night"));
  EXPECT_THAT(question.negative_pictures, ElementsAre("b.jpg"));
}

}  // namespace
}  // namespace igrot::app
