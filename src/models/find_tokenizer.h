// The tokenizer that belongs to a model: built in, or a file beside the
// weights.
#pragma once

#include <filesystem>
#include <optional>

#include "igrot/tokenizer.h"
#include "models/model_files.h"
#include "models/towers_config.h"

namespace igrot {

/// SigLIP's vocabulary in a folder: `spiece.model` (or `sentencepiece.model`),
/// of SigLIP 2 `tokenizer.model` (or `gemma_tokenizer.model`). Unset: none.
std::optional<std::filesystem::path> find_vocabulary(
    const std::filesystem::path& folder);

/// Throws Error: not_found (SigLIP's vocabulary: says where it comes from), and
/// as Tokenizer::siglip.
Tokenizer find_tokenizer(const ModelFiles& files, Family family);

}  // namespace igrot
