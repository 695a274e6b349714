// From text to the ids a text tower reads.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
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

  /// The ids of a text: its start, as many text ids as fit, its end, then zeros
  /// up to `context` (2 to 65536; unset: the tokenizer's own).
  ///
  /// Any bytes are taken: what is not UTF-8 counts as U+FFFD. Throws Error:
  /// usage (context out of range, text over 256 MiB).
  Tokens encode(std::string_view utf8,
                std::optional<std::size_t> context = {}) const;

  /// Positions of an encoded text unless told otherwise: 77 or 35.
  std::size_t context() const;

  /// One more than the highest id: 49408 or 30524.
  std::size_t vocabulary_size() const;

  /// "clip" or "bert".
  std::string_view name() const;

 private:
  struct Impl;
  struct Clip;
  struct Bert;
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

}  // namespace igrot
