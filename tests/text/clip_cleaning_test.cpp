#include "text/clip_cleaning.h"

#include <gtest/gtest.h>

#include "text/clip_words.h"
#include "text/line_fixes.h"

namespace igrot::text {
namespace {

// u32string has no printer; the hexadecimal of a difference is of more use.
std::string hex(std::u32string_view text) {
  std::string digits;
  for (const char32_t c : text) {
    char number[12];
    std::snprintf(number, sizeof number, "%X ", static_cast<unsigned>(c));
    digits += number;
  }
  return digits;
}

std::string clean(std::u32string_view text) {
  static const ClipCleaner cleaner;
  return hex(cleaner.clean(text));
}

TEST(ClipCleaner, LowersAndFoldsWhiteSpace) {
  EXPECT_EQ(clean(U"  A\t\nDog\u00A0\u2003x\f "), hex(U"a dog x"));
}

TEST(ClipCleaner, RemovesTerminalColours) {
  EXPECT_EQ(clean(U"\x1B[36;44mblue\x1B[0m \x1B[٣mx"), hex(U"blue x"));
  EXPECT_EQ(clean(U"\x1B[36"), hex(U"[36"));
}

TEST(ClipCleaner, TakesEntitiesApartHoweverDeep) {
  EXPECT_EQ(clean(U"&amp;amp;amp;amp;lt;3"), hex(U"<3"));
  EXPECT_EQ(clean(U"P&EACUTE;REZ BUNDESSTRA&SZLIG;E"),
            hex(U"pérez bundesstrasse"));
}

TEST(ClipCleaner, TakesOnlyTwoLevelsInWhatLooksLikeMarkup) {
  EXPECT_EQ(clean(U"<b>&amp;amp;amp;lt;"), hex(U"<b>&amp;lt;"));
}

TEST(ClipCleaner, LeavesEntitiesOfLinesAfterMarkupToTheSecondReading) {
  EXPECT_EQ(clean(U"<b>\n&EACUTE;"), hex(U"<b> &eacute;"));
  EXPECT_EQ(clean(U"&EACUTE;\n<b>"), hex(U"é <b>"));
}

TEST(ClipCleaner, DoesNotCleanWhatTheSecondReadingMade) {
  EXPECT_EQ(clean(U"&ldquo &#xFB01"), hex(U"&ldquo \uFB01"));
  EXPECT_EQ(clean(U"<b>&ldquo;x"), hex(U"<b>“x"));
}

TEST(ClipCleaner, SplitsLigatures) {
  EXPECT_EQ(clean(U"\uFB02u\uFB03e\uFB06 \uFB05"), hex(U"fluffiest ſt"));
  EXPECT_EQ(clean(U"\u0149 \u01C4 \u0132"), hex(U"'n dž ij"));
}

TEST(ClipCleaner, NormalisesWidth) {
  EXPECT_EQ(clean(U"ＬＯＵＤ\u3000Ｕﾀｰﾝ ￥"), hex(U"loud uターン ¥"));
}

TEST(ClipCleaner, StraightensQuotes) {
  EXPECT_EQ(clean(U"“it’s” „x‟ ‚y‛ ʼ"), hex(U"\"it's\" \"x\" 'y' '"));
}

TEST(LineFixes, UnifyLineBreaks) {
  EXPECT_EQ(hex(unify_line_breaks(U"a\r\nb\rc\u2028d\u2029e\u0085f\r\r\n")),
            hex(U"a\nb\nc\nd\ne\nf\n\n"));
}

TEST(LineFixes, RemoveControlsButNotJoinersAndMarks) {
  EXPECT_EQ(
      hex(remove_controls(std::u32string_view(
          U"a\0\x07\x0B\x1F\x7F\u206A\uFEFF\uFFFC\U0001D173\U000E0041b", 12))),
      hex(U"ab"));
  EXPECT_EQ(hex(remove_controls(U"\u200D\u200F\u00AD\u0091\u200B")),
            hex(U"\u200D\u200F\u00AD\u0091\u200B"));
}

TEST(ClipCleaner, Composes) {
  EXPECT_EQ(clean(U"e\u0301 \u212B \u1100\u1161"), hex(U"é å 가"));
}

TEST(ClipCleaner, RepairsALineUntilNothingChanges) {
  // The entity makes a full-width quote, which becomes a straight one.
  EXPECT_EQ(clean(U"&amp;#xFF07;"), hex(U"'"));
  EXPECT_EQ(clean(U"caf&Atilde;&copy;"), hex(U"café"));
}

TEST(ClipWords, FollowThePattern) {
  const std::u32string_view text = U"it's 12!'s ½x<|endoftext|> a\u0301'ſ";
  const std::vector<std::u32string_view> expected{
      U"it", U"'s",      U"1", U"2", U"!'", U"s", U"½", U"x", U"<|endoftext|>",
      U"a",  U"\u0301'", U"ſ"};
  std::size_t position = 0;
  for (const auto word : expected) {
    const auto found = next_clip_word(text, position);
    ASSERT_TRUE(found);
    EXPECT_EQ(hex(*found), hex(word));
  }
  EXPECT_FALSE(next_clip_word(text, position));
}

TEST(ClipWords, TakeTheLongSForAnS) {
  std::size_t position = 0;
  EXPECT_EQ(hex(*next_clip_word(U"'ſx", position)), hex(U"'ſ"));
  position = 0;
  EXPECT_EQ(hex(*next_clip_word(U"<|ſtartoftext|>", position)),
            hex(U"<|ſtartoftext|>"));
}

TEST(ClipWords, PassOverTheIotaBelow) {
  std::size_t position = 0;
  EXPECT_EQ(hex(*next_clip_word(U"α\u0345β", position)), hex(U"α"));
  EXPECT_EQ(hex(*next_clip_word(U"α\u0345β", position)), hex(U"β"));
}

}  // namespace
}  // namespace igrot::text
