// The only file that knows the SentencePiece library.
#include "text/pieces/module.h"

#include <sentencepiece_processor.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <string>
#include <vector>

namespace igrot::text {
namespace {

using sentencepiece::SentencePieceProcessor;

void report(PiecesMessage* message, std::string_view text) {
  const auto size = std::min(text.size(), sizeof message->text - 1);
  std::copy_n(text.data(), size, message->text);
  message->text[size] = '\0';
}

const SentencePieceProcessor& model_of(const void* model) {
  return *static_cast<const SentencePieceProcessor*>(model);
}

void* load(const char* bytes, std::size_t size, PiecesMessage* message) {
  try {
    auto model = std::make_unique<SentencePieceProcessor>();
    const auto status = model->LoadFromSerializedProto({bytes, size});
    if (status.ok()) return model.release();
    report(message, status.message());
  } catch (const std::exception& error) {
    report(message, error.what());
  }
  return nullptr;
}

void release(void* model) {
  delete static_cast<SentencePieceProcessor*>(model);
}

PiecesVocabulary vocabulary(const void* model) {
  const auto& pieces = model_of(model);
  return {.size = pieces.GetPieceSize(),
          .end = pieces.eos_id(),
          .padding = pieces.pad_id()};
}

std::ptrdiff_t encode(const void* model, const char* text, std::size_t size,
                      std::int32_t* ids, std::size_t room,
                      PiecesMessage* message) {
  try {
    std::vector<int> all;
    const auto status = model_of(model).Encode({text, size}, &all);
    if (status.ok()) {
      const auto count = std::min(room, all.size());
      std::copy_n(all.begin(), count, ids);
      return static_cast<std::ptrdiff_t>(count);
    }
    report(message, status.message());
  } catch (const std::exception& error) {
    report(message, error.what());
  }
  return -1;
}

}  // namespace
}  // namespace igrot::text

extern "C" {
extern const igrot::text::PiecesModule igrot_pieces_module;
const igrot::text::PiecesModule igrot_pieces_module{
    .load = igrot::text::load,
    .release = igrot::text::release,
    .vocabulary = igrot::text::vocabulary,
    .encode = igrot::text::encode};
}
