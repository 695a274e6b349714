// From text to the ids a text tower reads.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace igrot {

/// One text as a text tower takes it; both lists have the same length.
struct Tokens {
  std::vector<std::int32_t> ids;

  /// 1 where the position is not padding added by the tokenizer, else 0.
  std::vector<std::int32_t> mask;
};

/// Cuts a text into ids. A value whose state is shared and never changes:
/// copying is cheap, and one may be used from many threads.
class Tokenizer {
 public:
  /// CLIP's cleaning and byte pairs: lower-cased, 77 positions, framed by
  /// 49406 and 49407. Source: docs/text.md.
  static Tokenizer clip();

  /// BERT's word pieces (bert-base-uncased) with BLIP's [DEC] and [ENC]:
  /// 35 positions, framed by [CLS] and [SEP]. Source: docs/text.md.
  static Tokenizer bert();

  /// SigLIP's: lower-cased, without punctuation, cut into the pieces of a
  /// SentencePiece model (`spiece.model`); 64 positions, ended and filled up
  /// with </s>. Throws Error: not_found, corrupt, io, unsupported (this build
  /// has no SentencePiece; over a limit). Source: docs/text.md.
  static Tokenizer siglip(const std::filesystem::path& vocabulary);

  /// SigLIP 2's: lower-cased, Gemma's pieces (`tokenizer.model`); 64 positions,
  /// ended with <eos>, filled up with <pad>. Throws Error: as `siglip`.
  static Tokenizer siglip2(const std::filesystem::path& vocabulary);

  /// The ids of a text: its start (not SigLIP's), as many text ids as fit, its
  /// end, then padding up to `context` (2 to 65536; unset: the tokenizer's
  /// own).
  ///
  /// Any bytes are taken: what is not UTF-8 counts as U+FFFD. Throws Error:
  /// usage (context out of range, text over 256 MiB, SigLIP's over 1 MiB).
  Tokens encode(std::string_view utf8,
                std::optional<std::size_t> context = {}) const;

  /// Positions of an encoded text unless told otherwise: 77, 35 or 64.
  std::size_t context() const;

  /// One more than the highest id: 49408, 30524, or the vocabulary's size.
  std::size_t vocabulary_size() const;

  /// "clip", "bert", "siglip" or "siglip2".
  std::string_view name() const;

 private:
  struct Impl;
  struct Clip;
  struct Bert;
  struct Pieces;
  explicit Tokenizer(std::shared_ptr<const Impl> impl);

  std::shared_ptr<const Impl> impl_;
};

/// One row a tokenizer, for choosing by name.
struct TokenizerRow {
  std::string_view name;
  Tokenizer (*make)();
};

inline constexpr std::array tokenizers{
    TokenizerRow{"clip", &Tokenizer::clip},
    TokenizerRow{"bert", &Tokenizer::bert},
};

/// Those whose vocabulary is a file.
struct VocabularyTokenizerRow {
  std::string_view name;
  Tokenizer (*make)(const std::filesystem::path& vocabulary);
};

inline constexpr std::array vocabulary_tokenizers{
    VocabularyTokenizerRow{"siglip", &Tokenizer::siglip},
    VocabularyTokenizerRow{"siglip2", &Tokenizer::siglip2},
};

}  // namespace igrot
