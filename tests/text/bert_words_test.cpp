#include "text/bert_words.h"

#include <gmock/gmock.h>

#include <vector>

#include "text/unicode.h"

namespace igrot::text {
namespace {

using testing::ElementsAre;

std::vector<std::string> words_of(std::string_view text) {
  const auto decoded = decode_utf8(text);
  BertWords words(decoded);
  BertWord word;
  std::vector<std::string> all;
  while (words.next(word))
    all.push_back((word.special ? "*" : "") + encode_utf8(word.text));
  return all;
}

TEST(BertWords, LowerAndDropAccents) {
  EXPECT_THAT(words_of("Ça Été NAÏVE"), ElementsAre("ca", "ete", "naive"));
}

TEST(BertWords, SplitAtPunctuation) {
  EXPECT_THAT(words_of("it's $5—ok"),
              ElementsAre("it", "'", "s", "$", "5", "—", "ok"));
}

TEST(BertWords, StandAloneIfIdeographs) {
  EXPECT_THAT(words_of("a日本bカナ"), ElementsAre("a", "日", "本", "bカナ"));
}

TEST(BertWords, CutSpecialTokensOutInTheirCaseOnly) {
  EXPECT_THAT(
      words_of("a[MASK]b [mask] [[SEP]]"),
      ElementsAre("a", "*[MASK]", "b", "[", "mask", "]", "[", "*[SEP]", "]"));
}

TEST(BertWords, LoseControlsAndUnassigned) {
  EXPECT_THAT(words_of("a\u200Db\u0007c\uFFFDd\uE000\U0001FAE8e"),
              ElementsAre("abcde"));
  EXPECT_THAT(words_of("\uFAF0x"), ElementsAre("x"));  // no ideograph there
}

TEST(BertWords, SplitAtEveryWhiteSpace) {
  EXPECT_THAT(words_of(" a\tb\nc\rd\u00A0e\u2028f\u3000"),
              ElementsAre("a", "b", "c", "d", "e", "f"));
}

TEST(BertWords, TakeSigmasByThemselves) {
  EXPECT_THAT(words_of("ΑΣ"), ElementsAre("ασ"));
}

}  // namespace
}  // namespace igrot::text
