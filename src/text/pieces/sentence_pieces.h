// Texts into the pieces of a SentencePiece model.
//
// Debian's library carries and exports a protobuf of its own, which ends a
// process that holds another one, such as ONNX's and PyTorch's. So it is loaded
// when first needed, by a module, into a name space apart (dlmopen).
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include "text/pieces/module.h"

namespace igrot::text {

/// Immutable; safe from many threads.
class SentencePieces {
 public:
  /// Throws Error: not_found, corrupt, io, unsupported (the module is not
  /// there; over a limit).
  explicit SentencePieces(const std::filesystem::path& vocabulary);

  const PiecesVocabulary& vocabulary() const { return vocabulary_; }

  /// The first `count` ids of a text. Throws Error: usage (a text over 1 MiB).
  std::vector<std::int32_t> encode(std::string_view utf8,
                                   std::size_t count) const;

 private:
  const PiecesModule& module_;
  std::unique_ptr<void, void (*)(void*)> model_;
  PiecesVocabulary vocabulary_{};
};

}  // namespace igrot::text
