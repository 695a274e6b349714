#include "igrot/tokenizer.h"

#include <algorithm>
#include <utility>

#include "base/fail.h"
#include "text/assets.h"
#include "text/bert_words.h"
#include "text/byte_pairs.h"
#include "text/clip_cleaning.h"
#include "text/clip_words.h"
#include "text/unicode.h"
#include "text/word_pieces.h"

namespace igrot {

/// What the tokenizers have in common: a text's ids between two markers.
struct Tokenizer::Impl {
  std::string_view name;
  std::size_t context;
  std::size_t vocabulary_size;
  std::int32_t start;
  std::int32_t end;

  virtual ~Impl() = default;

  /// The ids of a text, at least `count` of them or all.
  virtual std::vector<std::int32_t> text_ids(std::u32string_view text,
                                             std::size_t count) const = 0;

 protected:
  Impl(std::string_view name_, std::size_t context_, std::size_t vocabulary_,
       std::int32_t start_, std::int32_t end_)
      : name(name_),
        context(context_),
        vocabulary_size(vocabulary_),
        start(start_),
        end(end_) {}
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
        ids.push_back(start);
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

Tokenizer::Tokenizer(std::shared_ptr<const Impl> impl)
    : impl_(std::move(impl)) {}

Tokenizer Tokenizer::clip() {
  return Tokenizer(std::make_shared<const Clip>());
}

Tokenizer Tokenizer::bert() {
  return Tokenizer(std::make_shared<const Bert>());
}

Tokens Tokenizer::encode(std::string_view utf8,
                         std::optional<std::size_t> context) const {
  constexpr std::size_t markers = 2;
  constexpr std::size_t longest_context = 65536;
  constexpr std::size_t longest_text = std::size_t{256} << 20;
  const std::size_t size = context.value_or(impl_->context);
  if (size < markers || size > longest_context)
    fail(ErrorKind::usage, "a context of {} is not within {} to {}", size,
         markers, longest_context);
  if (utf8.size() > longest_text)
    fail(ErrorKind::usage, "a text of {} bytes is over the limit of {}",
         utf8.size(), longest_text);

  const std::size_t room = size - markers;
  const auto text_ids = impl_->text_ids(text::decode_utf8(utf8), room);
  const std::size_t taken = std::min(text_ids.size(), room);
  Tokens tokens{std::vector<std::int32_t>(size, 0),
                std::vector<std::int32_t>(size, 0)};
  tokens.ids[0] = impl_->start;
  std::copy_n(text_ids.begin(), taken, tokens.ids.begin() + 1);
  tokens.ids[taken + 1] = impl_->end;
  std::fill_n(tokens.mask.begin(), taken + markers, 1);
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
