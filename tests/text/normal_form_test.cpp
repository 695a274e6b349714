#include "text/normal_form.h"

#include <gtest/gtest.h>

namespace igrot::text {
namespace {

TEST(NormalForm, ComposesAndDecomposes) {
  EXPECT_EQ(nfc(U"e\u0301q\u0344"), U"éq\u0308\u0301");
  EXPECT_EQ(nfd(U"é가\u212B"), U"e\u0301\u1100\u1161A\u030A");
  EXPECT_EQ(nfc(U"\u1E9B\u0323"), U"\u1E9B\u0323");
  EXPECT_EQ(nfkc(U'ﬁ'), U"fi");
  EXPECT_EQ(nfkc(U'\uFFE3'), U" \u0304");
}

TEST(NormalForm, PutsMarksInOrder) {
  EXPECT_EQ(nfc(U"q\u0301\u0316"), U"q\u0316\u0301");
  EXPECT_EQ(nfd(U"\u0301\u0316"), U"\u0316\u0301");
}

TEST(NormalForm, LongRunsOfMarksGiveWhatShortOnesGive) {
  std::u32string marks;
  std::u32string below;
  std::u32string above;
  for (int i = 0; i < 200'000; ++i) {
    marks += U"\u0302\u0316";
    below += U"\u0316";
    above += U"\u0302";
  }
  EXPECT_TRUE(nfd(U"e" + marks) == U"e" + below + above);
  // The circumflex next to the letter composes across the marks below.
  EXPECT_TRUE(nfc(U"e" + marks) == U"ê" + below + above.substr(1));
}

TEST(NormalForm, CharactersNewerThanUnicode14NeverCombine) {
  // U+1E08F and U+11F41 came with Unicode 15; the marks around do not pass.
  EXPECT_EQ(nfd(U"a\u0301\U0001E08F\u0316"), U"a\u0301\U0001E08F\u0316");
  EXPECT_EQ(nfc(U"a\U0001E08F\u0301"), U"a\U0001E08F\u0301");
}

}  // namespace
}  // namespace igrot::text
