// The reference's ids, row by row. tests/golden/tokenizer/README.md tells how
// they were made.
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "base/sha256.h"
#include "igrot/tokenizer.h"
#include "text/unicode.h"

namespace igrot {
namespace {

using Ids = std::vector<std::int32_t>;

// Calls `check` with every row of a golden file; the count of rows.
template <class Check>
std::size_t for_each_row(const std::string& name, Check&& check) {
  std::ifstream file(IGROT_TEST_GOLDEN "/tokenizer/" + name);
  std::size_t rows = 0;
  for (std::string line; std::getline(file, line); ++rows)
    check(nlohmann::json::parse(line));
  return rows;
}

void expect_clip_row(const Tokenizer& clip, const nlohmann::json& row) {
  const auto text = row.at("text").get<std::string>();
  EXPECT_EQ(clip.encode(text).ids, row.at("ids").get<Ids>()) << row;
}

// Around each character of the Basic Multilingual Plane: inside a word, alone,
// after a capital sigma, whose lower case depends on what follows.
std::string digest_of_every_character(const Tokenizer& tokenizer) {
  Sha256 digest;
  for (char32_t c = 0x20; c < 0x10000; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::u32string text = U"a?b ? αΣ?";
    for (char32_t& place : text)
      if (place == U'?') place = c;
    const auto ids = tokenizer.encode(text::encode_utf8(text)).ids;
    digest.add(std::as_bytes(std::span(ids)));
  }
  return digest.hex();
}

TEST(ClipTokenizer, GivesTheIdsOfTheReference) {
  const auto clip = Tokenizer::clip();
  const auto check = [&](const nlohmann::json& r) { expect_clip_row(clip, r); };
  EXPECT_EQ(for_each_row("clip.jsonl", check), 994U);
}

TEST(ClipTokenizer, GivesTheIdsOfTheReferenceForWronglyDecodedText) {
  const auto clip = Tokenizer::clip();
  const auto check = [&](const nlohmann::json& r) { expect_clip_row(clip, r); };
  EXPECT_EQ(for_each_row("clip_mojibake.jsonl", check), 225U);
}

TEST(BertTokenizer, GivesTheIdsAndMasksOfTheReference) {
  const auto bert = Tokenizer::bert();
  const auto check = [&](const nlohmann::json& row) {
    const auto tokens = bert.encode(row.at("text").get<std::string>());
    EXPECT_EQ(tokens.ids, row.at("ids").get<Ids>()) << row;
    EXPECT_EQ(tokens.mask, row.at("mask").get<Ids>()) << row;
  };
  EXPECT_EQ(for_each_row("bert.jsonl", check), 1241U);
}

// SHA-256 over the little-endian ids of the reference for the same texts.
TEST(ClipTokenizer, TreatsEveryCharacterAsTheReference) {
  EXPECT_EQ(digest_of_every_character(Tokenizer::clip()),
            "0f8951a37f07284a01386a3b7cba7bf6"
            "bced6ea36b29d6b822d4d21b4837fd5d");
}

TEST(BertTokenizer, TreatsEveryCharacterAsTheReference) {
  EXPECT_EQ(digest_of_every_character(Tokenizer::bert()),
            "7b0fc8dd22e15ec5e7184ba71b9a9c0f"
            "be40a4ef19f77fde4e0fe6df326504ae");
}

}  // namespace
}  // namespace igrot
