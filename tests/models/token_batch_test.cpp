#include "models/token_batch.h"

#include <gmock/gmock.h>

#include "models/blocks.h"
#include "models/transagg.h"

namespace igrot {
namespace {

using testing::ElementsAre;

const TokenBatch two_texts{
    .ids = {9, 0, 5, 0, 0, 9, 8, 9, 0, 0}, .count = 2, .length = 5};

TEST(TokenBatch, LosesThePositionsThatArePaddingInEveryText) {
  const auto cut = cut_padding(two_texts);
  EXPECT_EQ(cut.length, 3U);
  EXPECT_THAT(cut.ids, ElementsAre(9, 0, 5, 9, 8, 9));
}

TEST(TokenBatch, HasItsGlobalRowAtTheFirstOfTheHighestIds) {
  EXPECT_THAT(global_positions(two_texts), ElementsAre(0, 0));
  const TokenBatch usual{
      .ids = {7, 1, 9, 0, 7, 9, 9, 0}, .count = 2, .length = 4};
  EXPECT_THAT(global_positions(usual), ElementsAre(2, 1));
  EXPECT_THAT(global_rows(usual), ElementsAre(2, 5));
  EXPECT_THAT(first_rows(3, 4), ElementsAre(0, 4, 8));
}

TEST(TokenBatch, TellsItsDistinctTexts) {
  const TokenBatch texts{.ids = {1, 2, 3, 4, 1, 2}, .count = 3, .length = 2};
  const auto distinct = distinct_texts(texts);
  EXPECT_EQ(distinct.tokens.count, 2U);
  EXPECT_THAT(distinct.tokens.ids, ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(distinct.rows, ElementsAre(0, 1, 0));
}

TEST(FusionMask, CoversEveryIdThatIsZeroAndNoPicture) {
  const TokenBatch text{.ids = {9, 0, 5, 0}, .count = 1, .length = 4};
  const auto added = fusion_key_bias(text, 2, Mask::added);
  EXPECT_EQ(added.shape(), (Shape{1, 7}));
  EXPECT_THAT(added.values(), ElementsAre(0, 1, 0, 1, 0, 0, 0));
  for (const auto mask : {Mask::boolean, Mask::automatic})
    EXPECT_THAT(fusion_key_bias(text, 2, mask).values(),
                ElementsAre(0, masked_logit, 0, masked_logit, 0, 0, 0));
}

// BERT's tokenizer gives a typed "[PAD]" id 0 too, and tells it from padding.
const TokenBatch bert_texts{.ids = {101, 7, 0, 102, 0, 101, 8, 102, 0, 0},
                            .count = 2,
                            .length = 5,
                            .mask = {1, 1, 1, 1, 0, 1, 1, 1, 0, 0},
                            .global = GlobalRow::first};

TEST(TokenBatch, TakesBertsPaddingFromItsMask) {
  EXPECT_FALSE(bert_texts.is_padding(0, 2));
  EXPECT_TRUE(bert_texts.is_padding(0, 4));
  EXPECT_THAT(global_rows(bert_texts), ElementsAre(0, 5));
  const auto cut = cut_padding(bert_texts);
  EXPECT_EQ(cut.length, 4U);
  EXPECT_THAT(cut.ids, ElementsAre(101, 7, 0, 102, 101, 8, 102, 0));
  EXPECT_THAT(cut.mask, ElementsAre(1, 1, 1, 1, 1, 1, 1, 0));
  const auto bias = padding_bias(cut, -10);
  EXPECT_THAT(std::vector(bias.values().begin(), bias.values().end()),
              ElementsAre(0, 0, 0, 0, 0, 0, 0, -10));
}

TEST(TokenBatch, TellsEqualIdsWithAnotherMaskApart) {
  const TokenBatch texts{.ids = {101, 0, 101, 0},
                         .count = 2,
                         .length = 2,
                         .mask = {1, 1, 1, 0},
                         .global = GlobalRow::first};
  EXPECT_THAT(distinct_texts(texts).rows, ElementsAre(0, 1));
}

TEST(TokenBatch, OfSiglipKeepsItsPaddingAndEndsInItsGlobalRow) {
  const TokenBatch texts{.ids = {7, 1, 0, 0, 9, 8, 1, 0},
                         .count = 2,
                         .length = 4,
                         .global = GlobalRow::last};
  EXPECT_EQ(cut_padding(texts).length, 4U);
  EXPECT_THAT(global_rows(texts), ElementsAre(3, 7));
}

TEST(FusionRows, AreThePictureThenTheText) {
  const TokenBatch texts{
      .ids = {7, 1, 9, 0, 7, 9, 0, 0}, .count = 2, .length = 4};
  // Sequences of 4 text rows, the separator, 3 image rows.
  EXPECT_THAT(fusion_rows(texts, 3), ElementsAre(5, 2, 13, 9));
}

}  // namespace
}  // namespace igrot
