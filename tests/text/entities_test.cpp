#include "text/entities.h"

#include <gtest/gtest.h>

#include "text/unicode.h"

namespace igrot::text {
namespace {

std::string browser(std::string_view text) {
  static const Entities entities;
  return encode_utf8(unescape(entities, decode_utf8(text)));
}

std::string strict(std::string_view text) {
  static const Entities entities;
  return encode_utf8(unescape_complete(entities, decode_utf8(text)));
}

TEST(Unescape, KnowsNamesWithAndWithoutSemicolon) {
  EXPECT_EQ(browser("&lt;&lt&eacute;&NotEqualTilde;"), "<<é≂̸");
}

TEST(Unescape, TakesTheLongestKnownStartOfAName) {
  EXPECT_EQ(browser("&notit; &notin; &notx"), "¬it; ∉ ¬x");
  EXPECT_EQ(browser("&nosuch;"), "&nosuch;");
}

TEST(Unescape, EndsANameAfter32Characters) {
  EXPECT_EQ(browser("&CounterClockwiseContourIntegral;"), "∳");
  EXPECT_EQ(browser("&CounterClockwiseContourIntegralx;"),
            "&CounterClockwiseContourIntegralx;");
}

TEST(Unescape, MapsNumbersAsTheStandardSays) {
  EXPECT_EQ(browser("&#65;&#x42;&#X43&#68"), "ABCD");
  EXPECT_EQ(browser("&#128;&#x92;&#x81;"), "€’\u0081");
  EXPECT_EQ(browser("&#0;&#xD800;&#x110000;&#99999999999999999999;"),
            "\uFFFD\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(browser("a&#1;&#xB;&#x7F;&#xFDD0;&#x1FFFE;b"), "ab");
  EXPECT_EQ(browser("&#13;"), "\r");
}

TEST(Unescape, LeavesWhatIsNoReference) {
  for (const char* text :
       {"&", "&;", "& amp;", "&#", "&#;", "&#x;", "&#xg", "&<lt;", "&&", "&a"})
    EXPECT_EQ(browser(text), text);
  EXPECT_EQ(browser("&&amp;"), "&&");
}

TEST(UnescapeComplete, NeedsTheSemicolon) {
  EXPECT_EQ(strict("&amp;&amp &notit;"), "&&amp &notit;");
  EXPECT_EQ(strict("&#65;&#65 &#65a; &#x41;"), "A&#65 &#65a; A");
}

TEST(UnescapeComplete, ReadsUpperCasedNames) {
  EXPECT_EQ(strict("&NTILDE;&Ntilde;&nTILDE;&FFLIG;"), "ÑÑ&nTILDE;FF");
}

TEST(UnescapeComplete, LeavesNamesThatMeanSomethingAsTheyAre) {
  // GT needs no semicolon, so a browser reads >DOT; here.
  EXPECT_EQ(strict("&GTDOT;"), "&GTDOT;");
}

TEST(UnescapeComplete, LeavesTheSemicolonItself) {
  EXPECT_EQ(strict("&#59;&#x3B;&semi;"), "&#59;&#x3B;;");
}

TEST(UnescapeComplete, TakesNamesOfAtMost24Letters) {
  EXPECT_EQ(strict("&CounterClockwiseContourIntegral;"),
            "&CounterClockwiseContourIntegral;");
  EXPECT_EQ(strict("&#0000000000000000000000065;"),
            "&#0000000000000000000000065;");
  EXPECT_EQ(strict("&#000000000000000000000065;"), "A");
}

}  // namespace
}  // namespace igrot::text
