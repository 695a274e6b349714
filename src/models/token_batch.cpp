#include "models/token_batch.h"

#include <algorithm>
#include <map>

#include "models/blocks.h"

namespace igrot {
namespace {

using Ids = std::vector<std::int32_t>;

/// Positions [0, count) of row `text` of a list [.., length].
Ids row_of(const Ids& list, std::size_t length, std::size_t text,
           std::size_t count) {
  if (list.empty()) return {};
  const auto first = list.begin() + static_cast<std::ptrdiff_t>(text * length);
  return {first, first + static_cast<std::ptrdiff_t>(count)};
}

void append(Ids& list, const Ids& more) {
  list.insert(list.end(), more.begin(), more.end());
}

/// A batch of the same kind without texts.
TokenBatch none_of(const TokenBatch& tokens, std::size_t length) {
  return {.ids = {},
          .count = 0,
          .length = length,
          .mask = {},
          .global = tokens.global};
}

GlobalRow global_row_of(std::string_view tokenizer) {
  if (tokenizer == "bert") return GlobalRow::first;
  return tokenizer == "clip" ? GlobalRow::end : GlobalRow::last;
}

}  // namespace

TokenBatch encode_texts(const Tokenizer& tokenizer,
                        std::span<const std::string> texts,
                        std::size_t length) {
  const auto global = global_row_of(tokenizer.name());
  const bool is_bert = global == GlobalRow::first;
  TokenBatch batch{.ids = {},
                   .count = texts.size(),
                   .length = length,
                   .mask = {},
                   .global = global};
  batch.ids.reserve(texts.size() * length);
  for (const auto& text : texts) {
    const auto tokens = tokenizer.encode(text, length);
    append(batch.ids, tokens.ids);
    if (is_bert) append(batch.mask, tokens.mask);
  }
  return batch;
}

TokenBatch cut_padding(const TokenBatch& tokens) {
  if (tokens.global == GlobalRow::last) return tokens;
  std::size_t length = 0;
  for (std::size_t i = 0; i < tokens.count; ++i)
    for (std::size_t j = length; j < tokens.length; ++j)
      if (!tokens.is_padding(i, j)) length = j + 1;
  auto cut = none_of(tokens, length);
  cut.count = tokens.count;
  for (std::size_t i = 0; i < tokens.count; ++i) {
    append(cut.ids, row_of(tokens.ids, tokens.length, i, length));
    append(cut.mask, row_of(tokens.mask, tokens.length, i, length));
  }
  return cut;
}

DistinctTexts distinct_texts(const TokenBatch& tokens) {
  DistinctTexts distinct{.tokens = none_of(tokens, tokens.length), .rows = {}};
  std::map<std::pair<Ids, Ids>, std::size_t> seen;
  for (std::size_t i = 0; i < tokens.count; ++i) {
    const auto [entry, is_new] = seen.emplace(
        std::pair(row_of(tokens.ids, tokens.length, i, tokens.length),
                  row_of(tokens.mask, tokens.length, i, tokens.length)),
        distinct.tokens.count);
    distinct.rows.push_back(entry->second);
    if (!is_new) continue;
    append(distinct.tokens.ids, entry->first.first);
    append(distinct.tokens.mask, entry->first.second);
    ++distinct.tokens.count;
  }
  return distinct;
}

std::vector<std::size_t> global_positions(const TokenBatch& tokens) {
  std::vector<std::size_t> positions(tokens.count, 0);
  if (tokens.global == GlobalRow::first) return positions;
  if (tokens.global == GlobalRow::last) {
    positions.assign(tokens.count, tokens.length - 1);
    return positions;
  }
  for (std::size_t i = 0; i < tokens.count; ++i)
    for (std::size_t j = 1; j < tokens.length; ++j)
      if (tokens.at(i, j) > tokens.at(i, positions[i])) positions[i] = j;
  return positions;
}

std::vector<std::size_t> global_rows(const TokenBatch& tokens) {
  auto rows = global_positions(tokens);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] += i * tokens.length;
  return rows;
}

std::vector<std::size_t> first_rows(std::size_t count, std::size_t length) {
  std::vector<std::size_t> rows(count);
  for (std::size_t i = 0; i < count; ++i) rows[i] = i * length;
  return rows;
}

Tensor keys_up_to_end(const TokenBatch& tokens) {
  const auto ends = global_positions(tokens);
  Tensor bias({tokens.count, tokens.length});
  for (std::size_t i = 0; i < tokens.count; ++i)
    for (std::size_t j = ends[i] + 1; j < tokens.length; ++j)
      bias.data()[i * tokens.length + j] = masked_logit;
  return bias;
}

Tensor padding_bias(const TokenBatch& tokens, float bias) {
  Tensor added({tokens.count, tokens.length});
  for (std::size_t i = 0; i < tokens.count; ++i)
    for (std::size_t j = 0; j < tokens.length; ++j)
      if (tokens.is_padding(i, j)) added.data()[i * tokens.length + j] = bias;
  return added;
}

}  // namespace igrot
