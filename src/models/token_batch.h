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

/// Which row of a text is its global feature.
enum class GlobalRow {
  end,    ///< CLIP: that of the highest id, the first if it comes twice
  first,  ///< BLIP: that of [CLS]
  last,   ///< SigLIP: that of the last position, padding or not
};

/// Ids of `count` texts, [count, length].
struct TokenBatch {
  std::vector<std::int32_t> ids;
  std::size_t count = 0;
  std::size_t length = 0;

  /// 0 at padding, as BERT's tokenizer tells. Empty: padding is every id 0, as
  /// the reference takes CLIP's.
  std::vector<std::int32_t> mask{};
  GlobalRow global = GlobalRow::end;

  std::int32_t at(std::size_t text, std::size_t position) const {
    return ids[text * length + position];
  }
  bool is_padding(std::size_t text, std::size_t position) const {
    return (mask.empty() ? ids : mask)[text * length + position] == 0;
  }
};

/// The ids of texts, `length` positions each. Throws Error: usage (as
/// Tokenizer::encode).
TokenBatch encode_texts(const Tokenizer& tokenizer,
                        std::span<const std::string> texts, std::size_t length);

/// The batch without the last positions that are padding in every text. What
/// stays gives the same numbers in a text tower, which is causal or masks
/// padding out; SigLIP's reads it, and nothing is cut.
TokenBatch cut_padding(const TokenBatch& tokens);

/// The different texts of a batch, in the order in which they first come, and
/// for each text of the batch which of them it is.
struct DistinctTexts {
  TokenBatch tokens;
  std::vector<std::size_t> rows;
};
DistinctTexts distinct_texts(const TokenBatch& tokens);

/// The position of each text's global row.
std::vector<std::size_t> global_positions(const TokenBatch& tokens);

/// Flat indices of the global rows in [count, length].
std::vector<std::size_t> global_rows(const TokenBatch& tokens);

/// Flat indices of row 0 of each input in [count, length].
std::vector<std::size_t> first_rows(std::size_t count, std::size_t length);

/// [count, length] to be added to logits: 0 up to the global row, then masked.
Tensor keys_up_to_end(const TokenBatch& tokens);

/// [count, length] to be added to logits: 0, and `bias` at padding.
Tensor padding_bias(const TokenBatch& tokens, float bias);

}  // namespace igrot
