#include "igrot/tokenizer.h"

#include <algorithm>
#include <utility>

#include "base/fail.h"
#include "text/assets.h"
#include "text/bert_words.h"
#include "text/byte_pairs.h"
#include "text/clip_cleaning.h"
#include "text/clip_words.h"
#include "text/pieces/sentence_pieces.h"
#include "text/siglip_cleaning.h"
#include "text/unicode.h"
#include "text/word_pieces.h"

namespace igrot {

/// What the tokenizers have in common: a text's ids between two markers, or
/// before one.
struct Tokenizer::Impl {
  std::string_view name;
  std::size_t context;
  std::size_t vocabulary_size;
  std::optional<std::int32_t> start;
  std::int32_t end;
  std::int32_t padding = 0;

  virtual ~Impl() = default;

  /// The ids of a text, at least `count` of them or all.
  virtual std::vector<std::int32_t> text_ids(std::u32string_view text,
                                             std::size_t count) const = 0;

 protected:
  Impl(std::string_view name_, std::size_t context_, std::size_t vocabulary_,
       std::optional<std::int32_t> start_, std::int32_t end_,
       std::int32_t padding_ = 0)
      : name(name_),
        context(context_),
        vocabulary_size(vocabulary_),
        start(start_),
        end(end_),
        padding(padding_) {}
};

struct Tokenizer::Clip final : Impl {
  Clip()
      : Impl("clip", 77, text::BytePairs::size, text::BytePairs::start_of_text,
             text::BytePairs::end_of_text) {}

  std::vector<std::int32_t> text_ids(std::u32string_view text,
                                     std::size_t count) const override {
    const std::u32string clean = cleaner.clean(text);
    std::vector<std::int32_t> ids;
    std::size_t position = 0;
    while (ids.size() < count) {
      const auto word = text::next_clip_word(clean, position);
      if (!word) break;
      if (*word == text::start_of_text)
        ids.push_back(*start);
      else if (*word == text::end_of_text)
        ids.push_back(end);
      else
        pairs.encode(text::encode_utf8(*word), ids);
    }
    return ids;
  }

  text::ClipCleaner cleaner;
  text::BytePairs pairs{text::clip_merges()};
};

struct Tokenizer::Bert final : Impl {
  // [CLS] and [SEP]; [ENC] is the last id.
  Bert() : Impl("bert", 35, 30524, 101, 102) {}

  std::vector<std::int32_t> text_ids(std::u32string_view text,
                                     std::size_t count) const override {
    std::vector<std::int32_t> ids;
    text::BertWords words(text);
    text::BertWord word;
    while (ids.size() < count && words.next(word)) {
      if (word.special)
        ids.push_back(word.special->id);
      else
        pieces.encode(word.text, ids);
    }
    return ids;
  }

  text::WordPieces pieces{text::bert_vocabulary()};
};

namespace {

/// How a text is prepared, and what it is filled up with.
struct PiecesKind {
  std::string_view name;
  std::u32string (*clean)(std::u32string_view text);
  bool is_filled_with_end;
};

constexpr PiecesKind siglip_kind{"siglip", text::clean_for_siglip, true};
constexpr PiecesKind siglip2_kind{"siglip2", text::lower, false};

/// The id of a marker. Throws Error: corrupt (the vocabulary has none).
std::int32_t marker(std::int32_t id, std::string_view what,
                    const std::filesystem::path& vocabulary) {
  if (id < 0)
    fail(ErrorKind::corrupt, "{}: has no piece for {}", vocabulary.string(),
         what);
  return id;
}

}  // namespace

struct Tokenizer::Pieces final : Impl {
  Pieces(const PiecesKind& kind, text::SentencePieces cut, std::int32_t end_,
         std::int32_t padding_)
      : Impl(kind.name, 64, static_cast<std::size_t>(cut.vocabulary().size),
             std::nullopt, end_, padding_),
        clean(kind.clean),
        pieces(std::move(cut)) {}

  std::vector<std::int32_t> text_ids(std::u32string_view text,
                                     std::size_t count) const override {
    return pieces.encode(text::encode_utf8(clean(text)), count);
  }

  static Tokenizer make(const PiecesKind& kind,
                        const std::filesystem::path& vocabulary) {
    text::SentencePieces cut(vocabulary);
    const auto& ids = cut.vocabulary();
    const auto end = marker(ids.end, "the end", vocabulary);
    const auto padding = kind.is_filled_with_end
                             ? end
                             : marker(ids.padding, "padding", vocabulary);
    return Tokenizer(
        std::make_shared<const Pieces>(kind, std::move(cut), end, padding));
  }

  std::u32string (*clean)(std::u32string_view text);
  text::SentencePieces pieces;
};

Tokenizer::Tokenizer(std::shared_ptr<const Impl> impl)
    : impl_(std::move(impl)) {}

Tokenizer Tokenizer::clip() {
  return Tokenizer(std::make_shared<const Clip>());
}

Tokenizer Tokenizer::bert() {
  return Tokenizer(std::make_shared<const Bert>());
}

Tokenizer Tokenizer::siglip(const std::filesystem::path& vocabulary) {
  return Pieces::make(siglip_kind, vocabulary);
}

Tokenizer Tokenizer::siglip2(const std::filesystem::path& vocabulary) {
  return Pieces::make(siglip2_kind, vocabulary);
}

Tokens Tokenizer::encode(std::string_view utf8,
                         std::optional<std::size_t> context) const {
  constexpr std::size_t shortest_context = 2;
  constexpr std::size_t longest_context = 65536;
  constexpr std::size_t longest_text = std::size_t{256} << 20;
  const std::size_t size = context.value_or(impl_->context);
  if (size < shortest_context || size > longest_context)
    fail(ErrorKind::usage, "a context of {} is not within {} to {}", size,
         shortest_context, longest_context);
  if (utf8.size() > longest_text)
    fail(ErrorKind::usage, "a text of {} bytes is over the limit of {}",
         utf8.size(), longest_text);

  const std::size_t first = impl_->start ? 1 : 0;
  const std::size_t room = size - first - 1;
  const auto text_ids = impl_->text_ids(text::decode_utf8(utf8), room);
  const std::size_t taken = std::min(text_ids.size(), room);
  Tokens tokens{std::vector<std::int32_t>(size, impl_->padding),
                std::vector<std::int32_t>(size, 0)};
  if (impl_->start) tokens.ids[0] = *impl_->start;
  std::copy_n(text_ids.begin(), taken,
              tokens.ids.begin() + static_cast<std::ptrdiff_t>(first));
  tokens.ids[first + taken] = impl_->end;
  std::fill_n(tokens.mask.begin(), first + taken + 1, 1);
  return tokens;
}

std::size_t Tokenizer::context() const {
  return impl_->context;
}

std::size_t Tokenizer::vocabulary_size() const {
  return impl_->vocabulary_size;
}

std::string_view Tokenizer::name() const {
  return impl_->name;
}

}  // namespace igrot
