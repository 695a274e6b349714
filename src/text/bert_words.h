// Cleaning text and cutting it into the words that BERT's word pieces are
// looked up in.
//
// Source: BertTokenizer (the slow one) of transformers 4.27 on Python 3.11,
// for the uncased vocabulary.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace igrot::text {

/// Tokens that are recognised in a text, in exactly this case; with their ids.
struct SpecialToken {
  std::u32string_view text;
  int id;
};

inline constexpr std::array bert_special_tokens{
    SpecialToken{U"[UNK]", 100},   SpecialToken{U"[SEP]", 102},
    SpecialToken{U"[PAD]", 0},     SpecialToken{U"[CLS]", 101},
    SpecialToken{U"[MASK]", 103},  SpecialToken{U"[DEC]", 30522},
    SpecialToken{U"[ENC]", 30523},
};

/// One word or special token of a text.
struct BertWord {
  std::u32string text;
  const SpecialToken* special = nullptr;  // set: the word is this one
};

/// Walks through the words of a text. The text must outlive it.
class BertWords {
 public:
  explicit BertWords(std::u32string_view text) : rest_(text) {}

  /// The next word: lower-cased, without accents, punctuation by itself. False
  /// at the end.
  bool next(BertWord& word);

 private:
  bool take_special(BertWord& word);
  std::u32string take_raw_word();

  std::u32string_view rest_;
  std::u32string word_;       // the current word, clean
  std::size_t position_ = 0;  // how much of it has been given out
};

}  // namespace igrot::text
