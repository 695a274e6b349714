#include "igrot/tokenizer.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>
#include <string>
#include <thread>

#include "igrot/error.h"

namespace igrot {
namespace {

using testing::Each;
using testing::ElementsAre;

std::string repeated(std::string_view part, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += part;
  return text;
}

TEST(Tokenizer, ClipFramesAndPadsWithZeros) {
  const auto tokens = Tokenizer::clip().encode("a dog!", 7);
  EXPECT_THAT(tokens.ids, ElementsAre(49406, 320, 1929, 256, 49407, 0, 0));
  EXPECT_THAT(tokens.mask, ElementsAre(1, 1, 1, 1, 1, 0, 0));
}

TEST(Tokenizer, BertFramesAndPadsWithZeros) {
  const auto tokens = Tokenizer::bert().encode("unaffable", 7);
  EXPECT_THAT(tokens.ids, ElementsAre(101, 14477, 20961, 3468, 102, 0, 0));
  EXPECT_THAT(tokens.mask, ElementsAre(1, 1, 1, 1, 1, 0, 0));
}

TEST(Tokenizer, ALiteralPadIsNotPadding) {
  const auto tokens = Tokenizer::bert().encode("[PAD]", 4);
  EXPECT_THAT(tokens.ids, ElementsAre(101, 0, 102, 0));
  EXPECT_THAT(tokens.mask, ElementsAre(1, 1, 1, 0));
}

TEST(Tokenizer, CutsBeforeTheEndMarker) {
  const auto tokens = Tokenizer::clip().encode("a a a a a", 4);
  EXPECT_THAT(tokens.ids, ElementsAre(49406, 320, 320, 49407));
  EXPECT_THAT(tokens.mask, Each(1));
}

TEST(Tokenizer, TheShortestContextIsTheFrame) {
  EXPECT_THAT(Tokenizer::bert().encode("words", 2).ids, ElementsAre(101, 102));
}

TEST(Tokenizer, RefusesContextsItCannotFrameOrHold) {
  const auto clip = Tokenizer::clip();
  for (const std::size_t context :
       {std::size_t{0}, std::size_t{1}, std::size_t{65537}, ~std::size_t{0}}) {
    try {
      clip.encode("a", context);
      ADD_FAILURE() << context;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage);
    }
  }
}

TEST(Tokenizer, EveryRowOfTheTableMakesTheOneItNames) {
  for (const TokenizerRow& row : tokenizers) {
    const auto tokenizer = row.make();
    EXPECT_EQ(tokenizer.name(), row.name);
    EXPECT_EQ(tokenizer.encode("").ids.size(), tokenizer.context());
  }
  EXPECT_EQ(Tokenizer::clip().vocabulary_size(), 49408U);
  EXPECT_EQ(Tokenizer::bert().vocabulary_size(), 30524U);
}

// A frame, ids within the vocabulary, then padding: whatever goes in.
void expect_well_formed(const Tokenizer& tokenizer, const std::string& text) {
  const auto tokens = tokenizer.encode(text);
  ASSERT_EQ(tokens.ids.size(), tokenizer.context());
  ASSERT_EQ(tokens.mask.size(), tokenizer.context());
  EXPECT_EQ(tokens.ids[0], tokenizer.encode("").ids[0]);
  const auto padding = std::find(tokens.mask.begin(), tokens.mask.end(), 0);
  const auto used = padding - tokens.mask.begin();
  EXPECT_EQ(tokens.ids[static_cast<std::size_t>(used) - 1],
            tokenizer.encode("").ids[1]);
  EXPECT_EQ(std::count(padding, tokens.mask.end(), 1), 0);
  EXPECT_TRUE(std::all_of(tokens.ids.begin() + used, tokens.ids.end(),
                          [](std::int32_t id) { return id == 0; }));
  const auto size = static_cast<std::int32_t>(tokenizer.vocabulary_size());
  for (const std::int32_t id : tokens.ids) {
    EXPECT_GE(id, 0);
    EXPECT_LT(id, size);
  }
}

TEST(Tokenizer, AnyBytesGiveAWellFormedRow) {
  constexpr std::string_view seasoning = "&<>;#x\n\r\x1B[\xC3\xA2\xE2\x80\xED ";
  std::mt19937 random(1);
  const std::array both{Tokenizer::clip(), Tokenizer::bert()};
  for (int i = 0; i < 3000; ++i) {
    std::string text(random() % 200, ' ');
    for (char& c : text)
      c = random() % 2 ? static_cast<char>(random())
                       : seasoning[random() % seasoning.size()];
    for (const auto& tokenizer : both) expect_well_formed(tokenizer, text);
  }
}

// Each of these took the square of its length somewhere, or could.
TEST(Tokenizer, LongCraftedTextsComeToAnEnd) {
  constexpr std::size_t size = 300'000;
  const std::array both{Tokenizer::clip(), Tokenizer::bert()};
  const std::array<std::string_view, 10> parts{
      "a",     "!",       "amp;", "\u0301\u0316", "â€",
      "\x1B[", "Σ\u0301", "[",    "&#x26;",       "\xC2\xA0\x85"};
  for (const auto part : parts)
    for (const auto& tokenizer : both)
      expect_well_formed(tokenizer, "&" + repeated(part, size / part.size()));
}

TEST(Tokenizer, OneMayBeUsedFromManyThreads) {
  const auto clip = Tokenizer::clip();
  const std::string text = "naÃ¯ve &eacute;&amp;lt; ΑΣ \u1E9B\u0323 caf\u00E9";
  const auto expected = clip.encode(text).ids;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int j = 0; j < 200; ++j) EXPECT_EQ(clip.encode(text).ids, expected);
    });
}

}  // namespace
}  // namespace igrot
