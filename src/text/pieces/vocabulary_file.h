// The file of a SentencePiece model, looked through before the library reads
// it: the library follows offsets in it without checking them.
//
// Source: sentencepiece_model.proto and normalizer.cc of google/sentencepiece,
// darts.h of s-yata/darts-clone.
#pragma once

#include <cstddef>
#include <span>

namespace igrot::text {

/// Largest file that is read; Gemma's and mT5's have less than 5 MiB.
inline constexpr std::size_t vocabulary_file_limit = std::size_t{16} << 20;

/// Throws Error: corrupt (no such model, or one whose table of normal forms
/// leads out of itself), unsupported (over a limit: pieces, bytes of a piece,
/// of the test it brings along).
void check_vocabulary_file(std::span<const std::byte> bytes);

}  // namespace igrot::text
