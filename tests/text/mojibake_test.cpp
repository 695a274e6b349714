#include "text/mojibake.h"

#include <gtest/gtest.h>

#include "text/unicode.h"
#include "text/utf8_variants.h"

namespace igrot::text {
namespace {

std::string fixed(std::string_view text) {
  static const MojibakeFixer fixer;
  const auto decoded = decode_utf8(text);
  WorkLimit limit(decoded.size());
  return encode_utf8(fixer.fix(decoded, limit));
}

// What a program makes of text in UTF-8 that takes it for a single-byte one.
std::string misread(std::string_view text, std::size_t encoding) {
  const SingleByteEncodings encodings;
  std::string wrong;
  for (const char byte : text) {
    const auto number = static_cast<std::uint8_t>(byte);
    for (char32_t c = 0; c < 0x10000; ++c) {
      const std::u32string_view one(&c, 1);
      if ((number < 0x80 && c != number) || (number >= 0x80 && c < 0x80))
        continue;
      if (!(encodings.holding(one) >> encoding & 1U)) continue;
      if (encodings.encode(one, encoding)[0] != byte) continue;
      append_utf8(wrong, c);
      break;
    }
  }
  return wrong;
}

TEST(MojibakeFixer, LeavesRightTextAlone) {
  for (const char* text :
       {"plain", "café", "naïve “quotes” …", "Привет", "日本語", "à la", "Ã",
        "AHÅ™, the new sofa from IKEA®", "Brontë…”", ":þ"})
    EXPECT_EQ(fixed(text), text);
}

TEST(MojibakeFixer, UndoesEveryEncodingItTries) {
  const std::string text = "zażółć – “Łódź” – gęślą jaźń";
  for (std::size_t i = 0; i < single_byte_encodings.size(); ++i)
    EXPECT_EQ(fixed(misread(text, i)), text) << single_byte_encodings[i].name;
}

TEST(MojibakeFixer, UndoesSeveralReadings) {
  EXPECT_EQ(fixed("Ã©tÃ©"), "été");
  EXPECT_EQ(fixed("ÃƒÂ©tÃƒÂ©"), "été");
}

TEST(MojibakeFixer, RestoresNoBreakSpacesThatBecameSpaces) {
  EXPECT_EQ(fixed("The more you know ðŸŒ "), "The more you know 🌠");
}

TEST(MojibakeFixer, GivesOneReplacementCharacterForALostByte) {
  EXPECT_EQ(fixed("â€œ like this â€\uFFFD"), "“ like this \uFFFD");
}

TEST(MojibakeFixer, UndoesPunctuationInTextThatIsRightOtherwise) {
  EXPECT_EQ(fixed("日本 itâ€™s"), "日本 it’s");
}

TEST(MojibakeFixer, TakesControlsForWindows1252) {
  EXPECT_EQ(fixed("dog\u0092s \u0093x\u0094"), "dog’s “x”");
  EXPECT_EQ(fixed("caf\u00E9 \u0085"), "caf\u00E9 \u0085");
  EXPECT_EQ(fixed("a\u0092\u0081"), "a\u0092\u0081");
}

TEST(MojibakeFixer, StopsAtTheLimitOfItsWork) {
  const MojibakeFixer fixer;
  WorkLimit limit(0);
  while (limit.spend(1000)) {
  }
  const std::u32string text(1001, U'é');
  EXPECT_EQ(fixer.fix(text, limit), text);
}

TEST(SingleByteEncodings, EncodeWhatTheyHold) {
  const SingleByteEncodings encodings;
  EXPECT_EQ(encodings.holding(U"abc"), 0x7FU);
  EXPECT_EQ(encodings.holding(U"日"), 0U);
  EXPECT_EQ(encodings.holding(U"\x1A"), 0b1101001U);
  EXPECT_EQ(encodings.holding(U"\uFFFD"), 0b0010110U);
  EXPECT_EQ(encodings.encode(U"€\u0081\uFFFD", windows_1252_encoding),
            "\x80\x81\x1A");
}

TEST(Utf8Variants, StrictRefusesWhatIsNotUtf8) {
  EXPECT_EQ(decode_strict("a\xC3\xA9"), U"aé");
  for (const char* bytes : {"\xC3", "\xC0\x80", "\xED\xA0\x80", "\xE2\x80",
                            "\xF5\x80\x80\x80", "\x80"})
    EXPECT_FALSE(decode_strict(bytes)) << bytes;
}

TEST(Utf8Variants, JoinSurrogatesAndReadJavasNull) {
  EXPECT_EQ(decode_variants("\xED\xA0\xBD\xED\xB8\x8D"), U"😍");
  EXPECT_EQ(decode_variants("a\xC0\x80é"), std::u32string(U"a\0é", 3));
  EXPECT_EQ(decode_variants("\xED\x95\x9C"), U"한");
  for (const char* bytes : {"\xED\xA0\xBD", "\xED\xB8\x8D\xED\xA0\xBD",
                            "\xED\xA0\xBDxxx", "\xC0", "\xC0\x81"})
    EXPECT_FALSE(decode_variants(bytes)) << bytes;
}

TEST(Utf8Variants, SwallowTheLastLineFeedAsTheReferenceDoes) {
  EXPECT_EQ(decode_variants("a\xC0\n"), std::u32string(U"a\0", 2));
  EXPECT_FALSE(decode_variants("a\xC0\nb"));
  EXPECT_EQ(decode_variants("\xED\xA0\xBD\xED\xB8\n"), U"\U0001F60A");
}

}  // namespace
}  // namespace igrot::text
