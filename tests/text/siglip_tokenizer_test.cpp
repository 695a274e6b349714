#include <gmock/gmock.h>

#include <random>
#include <thread>

#include "igrot/error.h"
#include "igrot/tokenizer.h"
#include "tests/temporary_folder.h"
#include "tests/text/piece_vocabulary.h"
#include "text/siglip_cleaning.h"
#include "text/unicode.h"

namespace igrot::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Tokenizer siglip() {
  const TemporaryFolder folder;
  return Tokenizer::siglip(
      write_bytes(folder / "spiece.model", siglip_vocabulary()));
}

Tokenizer siglip2() {
  const TemporaryFolder folder;
  return Tokenizer::siglip2(
      write_bytes(folder / "tokenizer.model", siglip2_vocabulary()));
}

/// The error of a vocabulary of these bytes.
Error error_of(const std::string& bytes) {
  const TemporaryFolder folder;
  try {
    Tokenizer::siglip(write_bytes(folder / "spiece.model", bytes));
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no Error";
  return {ErrorKind::usage, ""};
}

TEST(SiglipTokenizer, EndsAndFillsUpWithTheEnd) {
  const auto tokens = siglip().encode("a dog", 5);
  EXPECT_THAT(tokens.ids, ElementsAre(3, 4, 1, 1, 1));
  EXPECT_THAT(tokens.mask, ElementsAre(1, 1, 1, 0, 0));
  EXPECT_THAT(siglip().encode("", 2).ids, ElementsAre(1, 1));
}

TEST(SiglipTokenizer, KeepsTheEndOfALongText) {
  EXPECT_THAT(siglip().encode("a dog a dog", 3).ids, ElementsAre(3, 4, 1));
}

TEST(SiglipTokenizer, LowersAndDropsPunctuation) {
  EXPECT_THAT(siglip().encode("  A,\t DO.G! ", 4).ids, ElementsAre(3, 4, 1, 1));
}

TEST(SiglipTokenizer, TakesTheLikeliestPieces) {
  // "▁dog" and "s" at -3, against six letters.
  EXPECT_THAT(siglip().encode("dogs", 4).ids, ElementsAre(4, 9, 1, 1));
  EXPECT_THAT(siglip().encode("z", 4).ids, ElementsAre(5, 2, 1, 1));
}

TEST(SiglipTokenizer, TakesMarkersInATextForText) {
  // "</s>" is cleaned to "s".
  EXPECT_THAT(siglip().encode("a</s>", 4).ids, ElementsAre(3, 9, 1, 1));
}

TEST(SiglipTokenizer, TellsWhatItIs) {
  EXPECT_EQ(siglip().name(), "siglip");
  EXPECT_EQ(siglip().context(), 64U);
  EXPECT_EQ(siglip().vocabulary_size(), 10U);
}

TEST(Siglip2Tokenizer, MergesPairsAndFillsUpWithPadding) {
  // "abc" of "ab" and "c"; "é" is no piece: its bytes.
  EXPECT_THAT(siglip2().encode("ABC \xC3\x89", 7).ids,
              ElementsAre(261, 262, 4 + 0xC3, 4 + 0xA9, 1, 0, 0));
}

TEST(Siglip2Tokenizer, KeepsSpacesAndPunctuation) {
  EXPECT_THAT(siglip2().encode(" a!", 5).ids,
              ElementsAre(262, 263, 4 + '!', 1, 0));
}

TEST(SiglipCleaning, FollowsTransformers) {
  // As SiglipTokenizer.canonicalize_text does to the lower-cased text.
  const auto clean = [](std::string_view text) {
    return text::encode_utf8(text::clean_for_siglip(text::decode_utf8(text)));
  };
  EXPECT_EQ(clean("It's a dog_house (with-snow), 50% off!"),
            "its a doghouse withsnow 50 off");
  EXPECT_EQ(clean("\n a\xC2\xA0 b \x1C c "), "a b c");
  EXPECT_EQ(clean("a\xE2\x96\x81"
                  "b"),
            "a b");
  EXPECT_EQ(clean("\xC3\x89T\xC3\x89 \xE2\x80\x94 \xCE\xA3\xCE\xA3"),
            "\xC3\xA9t\xC3\xA9 \xE2\x80\x94 \xCF\x83\xCF\x82");
}

TEST(SiglipTokenizer, RefusesLongTexts) {
  const std::string text((1 << 20) + 1, 'a');
  EXPECT_THROW(siglip().encode(text), Error);
}

TEST(SiglipTokenizer, MayBeUsedFromManyThreads) {
  const auto tokenizer = siglip2();
  const auto expected = tokenizer.encode("abc ab \xC3\x89").ids;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int k = 0; k < 200; ++k)
        EXPECT_EQ(tokenizer.encode("abc ab \xC3\x89").ids, expected);
    });
}

TEST(VocabularyFile, MustBeThere) {
  EXPECT_THROW(Tokenizer::siglip("/nonexistent/spiece.model"), Error);
}

TEST(VocabularyFile, IsRefusedWhenItIsNone) {
  for (const std::string bytes : {"", "text", "\x0a", "{\"version\": 1}"})
    EXPECT_EQ(error_of(bytes).kind(), ErrorKind::corrupt) << bytes;
  // No unknown piece; no end.
  EXPECT_EQ(error_of(piece("a", 0)).kind(), ErrorKind::corrupt);
  EXPECT_THAT(
      error_of(piece("<unk>", 0, PieceType::unknown) + piece("a", 0)).what(),
      HasSubstr("the end"));
}

TEST(VocabularyFile, IsRefusedOverALimit) {
  const auto rest = siglip_vocabulary();
  EXPECT_EQ(error_of(rest + piece(std::string(513, 'a'), 0)).kind(),
            ErrorKind::unsupported);
  EXPECT_EQ(error_of(rest + bytes_field(4, std::string(1 << 17, 'a'))).kind(),
            ErrorKind::unsupported);
  EXPECT_EQ(error_of(rest + bytes_field(2, "")).kind(), ErrorKind::unsupported);
  EXPECT_EQ(error_of(rest + piece("b", std::nanf(""))).kind(),
            ErrorKind::corrupt);
  EXPECT_EQ(error_of(rest + piece(std::string("b\0c", 3), 0)).kind(),
            ErrorKind::corrupt);
}

/// A vocabulary whose table of normal forms has these units and texts.
std::string with_normal_forms(const std::vector<std::uint32_t>& units,
                              std::string_view texts) {
  const auto raw = [](const auto* data, std::size_t size) {
    return std::string(reinterpret_cast<const char*>(data), size);
  };
  const auto size = static_cast<std::uint32_t>(4 * units.size());
  const auto table =
      raw(&size, 4) + raw(units.data(), size) + std::string(texts);
  return siglip_vocabulary().substr(
             0, siglip_vocabulary().size() -
                    bytes_field(3, bytes_field(1, "identity")).size()) +
         bytes_field(3, bytes_field(2, table));
}

TEST(VocabularyFile, NormalFormsAreApplied) {
  // 'x' becomes "a": unit 0 leads to 256 ^ 'x', which has a leaf at 512.
  constexpr std::uint32_t has_leaf = 1U << 8;
  std::vector<std::uint32_t> units(768, 0);
  units[0] = 256U << 10;
  units[256 ^ 'x'] = 'x' | has_leaf | ((256U ^ 'x' ^ 512U) << 10);
  units[512] = 1U << 31;
  const TemporaryFolder folder;
  const auto tokenizer = Tokenizer::siglip(
      write_bytes(folder / "spiece.model",
                  with_normal_forms(units, std::string_view("a\0", 2))));
  EXPECT_THAT(tokenizer.encode("x", 3).ids, ElementsAre(3, 1, 1));
}

TEST(VocabularyFile, NormalFormsMustStayInTheirTable) {
  const std::string_view end("\0", 1);
  const std::vector<std::uint32_t> fine(256, 0);
  auto outside = fine;
  outside[7] = 256U << 10;
  EXPECT_EQ(error_of(with_normal_forms(outside, end)).kind(),
            ErrorKind::corrupt);
  auto far = fine;
  far[0] = 1U << 8;  // a leaf at 0, whose value is 256
  EXPECT_EQ(error_of(with_normal_forms(far, end)).kind(), ErrorKind::corrupt);
  EXPECT_EQ(error_of(with_normal_forms({0, 0}, end)).kind(),
            ErrorKind::corrupt);
  EXPECT_EQ(error_of(with_normal_forms(fine, "a")).kind(), ErrorKind::corrupt);
  EXPECT_EQ(error_of(with_normal_forms(fine, "")).kind(), ErrorKind::corrupt);
}

TEST(VocabularyFile, DamageEndsInATokenizerOrAnError) {
  std::mt19937 random(1);
  const TemporaryFolder folder;
  for (const auto& whole : {siglip_vocabulary(), siglip2_vocabulary()})
    for (int i = 0; i < 300; ++i) {
      auto bytes = whole;
      for (int k = 0; k < 3; ++k)
        bytes[random() % bytes.size()] = static_cast<char>(random());
      if (i % 3 == 0) bytes.resize(random() % bytes.size());
      try {
        const auto tokenizer =
            Tokenizer::siglip(write_bytes(folder / "spiece.model", bytes));
        for (const auto id : tokenizer.encode("a dog, ABC \xC3\x89").ids)
          EXPECT_LT(static_cast<std::size_t>(id), tokenizer.vocabulary_size());
      } catch (const Error&) {
      }
    }
}

}  // namespace
}  // namespace igrot::test
