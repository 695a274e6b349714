#include "text/word_pieces.h"

#include <gmock/gmock.h>

#include "igrot/error.h"

namespace igrot::text {
namespace {

using testing::ElementsAre;

std::vector<std::int32_t> encode(const WordPieces& pieces,
                                 std::u32string_view word) {
  std::vector<std::int32_t> ids;
  pieces.encode(word, ids);
  return ids;
}

TEST(WordPieces, TakeTheLongestFirst) {
  const WordPieces pieces("[UNK]\na\nab\n##b\n##c\n##é\n");
  EXPECT_THAT(encode(pieces, U"abc"), ElementsAre(2, 4));
  EXPECT_THAT(encode(pieces, U"abbé"), ElementsAre(2, 3, 5));
  EXPECT_EQ(pieces.size(), 6U);
}

TEST(WordPieces, GiveOneUnknownForAWordWithAnUnknownPart) {
  const WordPieces pieces("x\n[UNK]\na\n##b\n");
  EXPECT_THAT(encode(pieces, U"abz"), ElementsAre(1));
  EXPECT_THAT(encode(pieces, U"b"), ElementsAre(1));
}

TEST(WordPieces, GiveUpAbove100Characters) {
  const WordPieces pieces("[UNK]\né\n##é\n");
  EXPECT_EQ(encode(pieces, std::u32string(100, U'é')).size(), 100U);
  EXPECT_THAT(encode(pieces, std::u32string(101, U'é')), ElementsAre(0));
}

TEST(WordPieces, NeedAnUnknown) {
  EXPECT_THROW(WordPieces("a\nb\n"), Error);
}

}  // namespace
}  // namespace igrot::text
