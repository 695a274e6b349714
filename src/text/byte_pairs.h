// Byte-pair encoding with CLIP's merges.
//
// Source: OpenAI's CLIP (simple_tokenizer.py) and its file of merges.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace igrot::text {

/// The merges of a vocabulary. Ids: 0 to 255 the bytes, 256 to 511 the bytes at
/// the end of a word, from 512 the merges in the order of the file.
class BytePairs {
 public:
  static constexpr std::size_t merge_count = 49152 - 256 - 2;
  static constexpr std::int32_t start_of_text = 512 + merge_count;
  static constexpr std::int32_t end_of_text = start_of_text + 1;
  static constexpr std::size_t size = end_of_text + 1;

  /// `merges`: gzip. Throws Error: corrupt.
  explicit BytePairs(Bytes merges);

  /// Appends the ids of one word: its bytes, the best-ranked pair merged
  /// wherever it stands, until no pair is left. A word of more than 256 KiB is
  /// cut there. (Whether a merge happens depends on what stands before it, and
  /// on what follows only step by step, rank by rank; 256 KiB are far beyond
  /// any id that is read.)
  void encode(std::string_view word, std::vector<std::int32_t>& ids) const;

 private:
  using Id = std::uint16_t;
  struct Merge {
    std::uint32_t pair;
    Id id;
  };
  class Word;

  void insert(Id left, Id right, Id id);
  Id merged(Id left, Id right) const;

  std::vector<Merge> merges_;  // open addressing
};

}  // namespace igrot::text
