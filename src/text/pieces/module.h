// What the module igrot_sentencepiece offers: SentencePiece behind plain C, so
// that it can be loaded apart from everything else (sentence_pieces.h).
#pragma once

#include <cstddef>
#include <cstdint>

namespace igrot::text {

/// Where a function reports what went wrong; always ends in 0.
struct PiecesMessage {
  char text[256];
};

struct PiecesVocabulary {
  std::int32_t size;
  std::int32_t end;      ///< id of </s>; -1: has none
  std::int32_t padding;  ///< id of <pad>; -1: has none
};

/// No function throws. `model` is what `load` gave; `encode` may be called from
/// many threads.
struct PiecesModule {
  /// A model from the bytes of its file, or null with a message.
  void* (*load)(const char* bytes, std::size_t size, PiecesMessage* message);
  void (*release)(void* model);
  PiecesVocabulary (*vocabulary)(const void* model);
  /// Writes the first `room` ids of a text. Result: how many were written, or
  /// -1 with a message.
  std::ptrdiff_t (*encode)(const void* model, const char* text,
                           std::size_t size, std::int32_t* ids,
                           std::size_t room, PiecesMessage* message);
};

/// The symbol that holds a PiecesModule.
inline constexpr const char* pieces_module_symbol = "igrot_pieces_module";

}  // namespace igrot::text
