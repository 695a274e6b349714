#include "text/unicode.h"

#include <gtest/gtest.h>

namespace igrot::text {
namespace {

// The examples of the Unicode Standard, section 3.9, table 3-8 and others.
TEST(DecodeUtf8, ReplacesEachBrokenPartOnce) {
  EXPECT_EQ(decode_utf8("a\xC3\xA9\xF0\x9F\x90\xB6"), U"aé🐶");
  EXPECT_EQ(decode_utf8("\xF0\x9F\x90z"), U"\uFFFDz");
  EXPECT_EQ(decode_utf8("\xED\xA0\x80"), U"\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(decode_utf8("\xC0\xAF"), U"\uFFFD\uFFFD");
  EXPECT_EQ(decode_utf8("\xF4\x91\x92\x93"), U"\uFFFD\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(decode_utf8("\xE2\x28\xE2"), U"\uFFFD(\uFFFD");
}

TEST(Lower, TellsTheFinalSigma) {
  EXPECT_EQ(lower(U"ΟΔΥΣΣΕΥΣ ΑΣ. Σ"), U"οδυσσευς ας. σ");
  EXPECT_EQ(lower(U"ΑΣ\u0301Β"), U"ασ\u0301β");  // marks are looked through
  EXPECT_EQ(lower(U"Α\u0301Σ\u00AD"), U"α\u0301ς\u00AD");
  EXPECT_EQ(lower(U"ΑΣ1"), U"ας1");
}

TEST(Lower, MapsTheDottedCapitalToTwo) {
  EXPECT_EQ(lower(U"İI"), U"i\u0307i");
}

TEST(Upper, MapsToSeveral) {
  EXPECT_EQ(upper(U"ßﬁ𐐨"), U"SSFI𐐀");
}

TEST(Category, TakesNewerCharactersForUnassigned) {
  constexpr char32_t shaking_face = 0x1FAE8;  // Unicode 15
  constexpr char32_t melting_face = 0x1FAE0;  // Unicode 14
  EXPECT_EQ(category(shaking_face), U_UNASSIGNED);
  EXPECT_EQ(category(shaking_face, regex_version), U_OTHER_SYMBOL);
  EXPECT_EQ(category(melting_face), U_OTHER_SYMBOL);
}

TEST(WhiteSpace, IsWiderInPython) {
  EXPECT_TRUE(is_python_space(0x1C));
  EXPECT_FALSE(is_white_space(0x1C));
  for (const char32_t c : U"\t\n\r \u0085\u00A0\u3000\u2028") {
    if (c == 0) continue;
    EXPECT_TRUE(is_white_space(c));
    EXPECT_TRUE(is_python_space(c));
  }
  EXPECT_FALSE(is_python_space(0x200B));
}

}  // namespace
}  // namespace igrot::text
