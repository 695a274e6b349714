#include "models/token_batch.h"

#include <algorithm>
#include <map>

#include "models/blocks.h"

namespace igrot {

TokenBatch encode_texts(const Tokenizer& tokenizer,
                        std::span<const std::string> texts,
                        std::size_t length) {
  TokenBatch batch{.ids = {}, .count = texts.size(), .length = length};
  batch.ids.reserve(texts.size() * length);
  for (const auto& text : texts) {
    const auto tokens = tokenizer.encode(text, length);
    batch.ids.insert(batch.ids.end(), tokens.ids.begin(), tokens.ids.end());
  }
  return batch;
}

TokenBatch cut_padding(const TokenBatch& tokens) {
  std::size_t length = 0;
  for (std::size_t i = 0; i < tokens.ids.size(); ++i)
    if (tokens.ids[i] != 0) length = std::max(length, i % tokens.length + 1);
  TokenBatch cut{.ids = {}, .count = tokens.count, .length = length};
  cut.ids.reserve(cut.count * length);
  for (std::size_t i = 0; i < tokens.ids.size(); ++i)
    if (i % tokens.length < length) cut.ids.push_back(tokens.ids[i]);
  return cut;
}

DistinctTexts distinct_texts(const TokenBatch& tokens) {
  DistinctTexts distinct{
      .tokens = {.ids = {}, .count = 0, .length = tokens.length}, .rows = {}};
  std::map<std::vector<std::int32_t>, std::size_t> seen;
  for (std::size_t i = 0; i < tokens.count; ++i) {
    const auto first =
        tokens.ids.begin() + static_cast<std::ptrdiff_t>(i * tokens.length);
    std::vector<std::int32_t> text(
        first, first + static_cast<std::ptrdiff_t>(tokens.length));
    const auto [entry, is_new] =
        seen.emplace(std::move(text), distinct.tokens.count);
    distinct.rows.push_back(entry->second);
    if (!is_new) continue;
    distinct.tokens.ids.insert(distinct.tokens.ids.end(), entry->first.begin(),
                               entry->first.end());
    ++distinct.tokens.count;
  }
  return distinct;
}

std::vector<std::size_t> end_positions(const TokenBatch& tokens) {
  std::vector<std::size_t> ends(tokens.count);
  for (std::size_t i = 0; i < tokens.count; ++i)
    for (std::size_t j = 1; j < tokens.length; ++j)
      if (tokens.at(i, j) > tokens.at(i, ends[i])) ends[i] = j;
  return ends;
}

std::vector<std::size_t> end_rows(const TokenBatch& tokens) {
  auto rows = end_positions(tokens);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] += i * tokens.length;
  return rows;
}

std::vector<std::size_t> first_rows(std::size_t count, std::size_t length) {
  std::vector<std::size_t> rows(count);
  for (std::size_t i = 0; i < count; ++i) rows[i] = i * length;
  return rows;
}

Tensor keys_up_to_end(const TokenBatch& tokens) {
  const auto ends = end_positions(tokens);
  Tensor bias({tokens.count, tokens.length});
  for (std::size_t i = 0; i < tokens.count; ++i)
    for (std::size_t j = ends[i] + 1; j < tokens.length; ++j)
      bias.data()[i * tokens.length + j] = masked_logit;
  return bias;
}

}  // namespace igrot
