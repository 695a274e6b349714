#include "models/find_tokenizer.h"

#include <algorithm>

#include "base/fail.h"
#include "models/towers.h"

namespace igrot {
namespace {

namespace fs = std::filesystem;

/// One row a name a vocabulary is published under. big_vision, transformers.
struct VocabularyName {
  std::string_view file;
  Tokenizer (*make)(const fs::path& vocabulary);
};

constexpr std::array vocabulary_names{
    VocabularyName{"spiece.model", &Tokenizer::siglip},
    VocabularyName{"sentencepiece.model", &Tokenizer::siglip},
    VocabularyName{"tokenizer.model", &Tokenizer::siglip2},
    VocabularyName{"gemma_tokenizer.model", &Tokenizer::siglip2}};

const VocabularyName* find_name(const fs::path& folder) {
  std::error_code error;
  const auto row =
      std::ranges::find_if(vocabulary_names, [&](const auto& name) {
        return fs::is_regular_file(folder / name.file, error);
      });
  return row == vocabulary_names.end() ? nullptr : &*row;
}

}  // namespace

std::optional<fs::path> find_vocabulary(const fs::path& folder) {
  const auto* name = find_name(folder);
  return name ? std::optional(folder / name->file) : std::nullopt;
}

Tokenizer find_tokenizer(const ModelFiles& files, Family family) {
  if (family != Family::siglip) return tokenizer_of(family);
  if (const auto* name = find_name(files.folder))
    return name->make(files.folder / name->file);
  fail(ErrorKind::not_found,
       "{}: words need SigLIP's vocabulary beside the weights: spiece.model "
       "(huggingface.co/google/siglip-base-patch16-224), or for SigLIP 2 "
       "tokenizer.model (storage.googleapis.com/big_vision/"
       "gemma_tokenizer.model); a tokenizer.json is not read",
       files.folder.empty() ? "." : files.folder.string());
}

}  // namespace igrot
