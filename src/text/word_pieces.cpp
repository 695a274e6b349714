#include "text/word_pieces.h"

#include <algorithm>

#include "base/fail.h"
#include "text/unicode.h"

namespace igrot::text {
namespace {

constexpr std::int32_t no_piece = -1;

bool is_inside_character(std::string_view bytes, std::size_t i) {
  return i < bytes.size() &&
         (static_cast<std::uint8_t>(bytes[i]) & 0xC0U) == 0x80U;
}

}  // namespace

WordPieces::WordPieces(std::string_view vocabulary) {
  const auto lines = static_cast<std::size_t>(
      std::count(vocabulary.begin(), vocabulary.end(), '\n'));
  starts_.reserve(lines);
  continuations_.reserve(lines);
  for (std::int32_t id = 0; !vocabulary.empty(); ++id) {
    std::string_view piece = vocabulary.substr(0, vocabulary.find('\n'));
    vocabulary.remove_prefix(std::min(piece.size() + 1, vocabulary.size()));
    longest_bytes_ = std::max(longest_bytes_, piece.size());
    ++count_;
    // A piece of nothing but ## is a word as well, but never a continuation.
    if (piece.starts_with("##") && piece.size() > 2)
      continuations_.insert_or_assign(piece.substr(2), id);
    starts_.insert_or_assign(piece, id);
  }
  const auto unknown = starts_.find("[UNK]");
  if (unknown == starts_.end())
    fail(ErrorKind::corrupt, "the vocabulary has no [UNK]");
  unknown_ = unknown->second;
}

WordPieces::Piece WordPieces::longest(const Pieces& pieces,
                                      std::string_view rest,
                                      std::size_t longest_bytes) {
  for (std::size_t size = std::min(rest.size(), longest_bytes); size > 0;
       --size) {
    if (is_inside_character(rest, size)) continue;
    const auto found = pieces.find(rest.substr(0, size));
    if (found != pieces.end()) return {found->second, size};
  }
  return {no_piece, 0};
}

void WordPieces::encode(std::u32string_view word,
                        std::vector<std::int32_t>& ids) const {
  constexpr std::size_t longest_word = 100;
  if (word.size() > longest_word) return ids.push_back(unknown_);
  const std::string bytes = encode_utf8(word);
  const std::size_t ids_before = ids.size();
  std::string_view rest = bytes;
  while (!rest.empty()) {
    const auto& pieces = ids.size() == ids_before ? starts_ : continuations_;
    const Piece piece = longest(pieces, rest, longest_bytes_);
    if (piece.id == no_piece) {
      ids.resize(ids_before);
      ids.push_back(unknown_);
      return;
    }
    ids.push_back(piece.id);
    rest.remove_prefix(piece.size_bytes);
  }
}

}  // namespace igrot::text
