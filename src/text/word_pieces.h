// WordPiece: a word as the longest pieces a vocabulary has.
//
// Source: WordpieceTokenizer of transformers 4.27.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace igrot::text {

/// A vocabulary of pieces. Pieces inside a word are written with ## before.
class WordPieces {
 public:
  /// One piece a line; the line number is the id. Keeps views of `vocabulary`.
  /// Throws Error: corrupt (no [UNK]).
  explicit WordPieces(std::string_view vocabulary);

  /// How many pieces the vocabulary has.
  std::size_t size() const { return count_; }

  /// Appends the ids of one word, longest pieces first; of [UNK] alone if a
  /// part is not in the vocabulary or the word has over 100 characters.
  void encode(std::u32string_view word, std::vector<std::int32_t>& ids) const;

 private:
  struct Piece {
    std::int32_t id;
    std::size_t size_bytes;
  };
  using Pieces = std::unordered_map<std::string_view, std::int32_t>;

  static Piece longest(const Pieces& pieces, std::string_view rest,
                       std::size_t longest_bytes);

  Pieces starts_;
  Pieces continuations_;  // without ##
  std::size_t longest_bytes_ = 0;
  std::size_t count_ = 0;
  std::int32_t unknown_ = 0;
};

}  // namespace igrot::text
