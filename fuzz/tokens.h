// What every tokenizer promises of every text.
#pragma once

#include "fuzz/scratch.h"
#include "igrot/tokenizer.h"

namespace igrot::fuzz {

inline void check_tokens(const Tokenizer& tokenizer, std::string_view text) {
  for (const std::size_t context : {std::size_t{2}, tokenizer.context()})
    expect_value_or_error([&] {
      const auto tokens = tokenizer.encode(text, context);
      if (tokens.ids.size() != context || tokens.mask.size() != context)
        std::abort();
      for (const auto id : tokens.ids)
        if (id < 0 ||
            static_cast<std::size_t>(id) >= tokenizer.vocabulary_size())
          std::abort();
    });
}

}  // namespace igrot::fuzz
