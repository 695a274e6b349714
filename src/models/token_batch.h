// Several texts as ids, and what the models read from them.
// Source: method.md 2 (the global row) and 4 (the fusion's mask).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "igrot/tensor.h"
#include "igrot/tokenizer.h"

namespace igrot {

/// Ids of `count` texts, [count, length]. 0 is padding.
struct TokenBatch {
  std::vector<std::int32_t> ids;
  std::size_t count = 0;
  std::size_t length = 0;

  std::int32_t at(std::size_t text, std::size_t position) const {
    return ids[text * length + position];
  }
};

/// The ids of texts, `length` positions each. Throws Error: usage (as
/// Tokenizer::encode).
TokenBatch encode_texts(const Tokenizer& tokenizer,
                        std::span<const std::string> texts, std::size_t length);

/// The batch without the last positions that are padding in every text. What
/// stays gives the same numbers in the (causal) text tower.
TokenBatch cut_padding(const TokenBatch& tokens);

/// The different texts of a batch, in the order in which they first come, and
/// for each text of the batch which of them it is.
struct DistinctTexts {
  TokenBatch tokens;
  std::vector<std::size_t> rows;
};
DistinctTexts distinct_texts(const TokenBatch& tokens);

/// The position of each text's global row: that of its highest id, the first
/// if it comes twice.
std::vector<std::size_t> end_positions(const TokenBatch& tokens);

/// Flat indices of the global rows in [count, length].
std::vector<std::size_t> end_rows(const TokenBatch& tokens);

/// Flat indices of row 0 of each input in [count, length].
std::vector<std::size_t> first_rows(std::size_t count, std::size_t length);

/// [count, length] to be added to logits: 0 up to the global row, then masked.
Tensor keys_up_to_end(const TokenBatch& tokens);

}  // namespace igrot
