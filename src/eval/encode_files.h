// Vectors of many picture files: read and cut on worker threads, ahead of the
// model, which takes them in batches.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

#include "data/training_set.h"
#include "eval/vector_cache.h"
#include "igrot/runtime.h"

namespace igrot {

/// Pixels of some of the files.
struct PictureBatch {
  Tensor pixels;                   ///< [n, 3, side, side]
  std::vector<std::size_t> files;  ///< which, n indices
};

/// Vectors of the files that can be read.
struct EncodedFiles {
  Tensor vectors;                 ///< [n, d]
  std::vector<std::size_t> from;  ///< which file each row is of, ascending
};

/// Where vectors are looked up before they are computed, and kept after.
struct KnownVectors {
  ContentHashes* contents = nullptr;
  VectorCache* vectors = nullptr;
  /// What belongs to vector i besides the picture's content; unset: nothing.
  std::function<std::string_view(std::size_t)> words;
};

struct FileEncoding {
  std::size_t width = 0;  ///< d
  Preprocess preprocess;
  PictureRecipe recipe;
  Runtime runtime;  ///< its threads read pictures
  Progress progress;
  /// Vectors [n, d] of a batch.
  std::function<Tensor(const PictureBatch&)> encode;
  std::optional<KnownVectors> known = {};
};

/// Encodes every file that can be read and warns of the others. Nothing where
/// `progress` asks to stop. Throws what `encode` throws.
std::optional<EncodedFiles> encode_files(
    const std::vector<std::filesystem::path>& files,
    const FileEncoding& encoding);

}  // namespace igrot
