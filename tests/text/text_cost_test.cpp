#include "text/text_cost.h"

#include <gtest/gtest.h>

#include "base/sha256.h"
#include "text/character_class.h"

namespace igrot::text {
namespace {

// SHA-256 of the table of ftfy 5.8, one of these letters for each code point,
// in the order of CharacterClass.
TEST(CharacterClass, AgreesWithTheReferenceForEveryCodePoint) {
  constexpr std::string_view letters = "LlAaCiXmMNP123S_ o";
  static_assert(letters.size() == character_class_count);
  std::string classes;
  for (char32_t c = 0; c < 0x110000; ++c)
    classes.push_back(letters[static_cast<std::size_t>(classify(c))]);
  EXPECT_EQ(sha256_hex(as_bytes(classes)),
            "a3359132baf38ed8fe45253152a913f7"
            "0bed80727784b6a14bb5e331ecc692f9");
}

TEST(TextCost, IsTheLengthOfOrdinaryText) {
  EXPECT_EQ(text_cost(U""), 0);
  EXPECT_EQ(text_cost(U"café"), 4);
  EXPECT_EQ(text_cost(U"Привет"), 6);
}

TEST(TextCost, CountsCharactersThatSeldomMeet) {
  EXPECT_EQ(text_cost(U"aб"), 2 + 2);
  EXPECT_EQ(text_cost(U"аb"), 2 + 2);       // the Cyrillic letter first
  EXPECT_EQ(text_cost(U"1\u0301"), 2 + 2);  // a mark on a digit
  EXPECT_EQ(text_cost(U"e\u0301"), 2);      // composes
  EXPECT_EQ(text_cost(U"½∑"), 2 + 2);
  EXPECT_EQ(text_cost(U"Aɓ"), 2 + 2);
  EXPECT_EQ(text_cost(U"\u0091"), 1 + 2);
  EXPECT_EQ(text_cost(U"\uE000\u0378"), 2 + 4);
}

TEST(TextCost, CountsPairsWithoutOverlap) {
  EXPECT_EQ(text_cost(U"aбa"), 3 + 2);
  EXPECT_EQ(text_cost(U"aбaб"), 4 + 4);
  EXPECT_EQ(text_cost(U"\u0091\u0302\u0091"), 3 + 4);
}

TEST(TextCost, CountsKnownSequences) {
  EXPECT_EQ(text_cost(U"Ã³"), 2 + 2);
  EXPECT_EQ(text_cost(U"Ã»x Ã»"), 6 + 2 - 2);  // the second ends a word
  EXPECT_EQ(text_cost(U"×ª"), 2 + 2 - 1);
  EXPECT_EQ(text_cost(U"√± a√±b"), 7 + 2);  // only inside a word
  EXPECT_EQ(text_cost(U"вЂ™"), 3 + 2 - 1);
  EXPECT_EQ(text_cost(U"◊"), 1 + 2);
}

TEST(TextCost, PrefersCommonSymbolsALittle) {
  EXPECT_EQ(text_cost(U"a…"), 1);
  EXPECT_EQ(text_cost(U"â€™"), 3 + 2 + 2 - 1);  // currency beside a symbol
}

}  // namespace
}  // namespace igrot::text
