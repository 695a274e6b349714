// What a training run is scored on: a gallery and queries with one right
// answer each. Source: method.md 7 and 8.
#pragma once

#include "data/training_set.h"

namespace igrot {

struct ValidationQuery {
  std::filesystem::path reference;
  std::string text;
  std::size_t target = 0;  ///< index into the gallery
};

struct ValidationSet {
  std::string name;
  PictureRecipe recipe;
  std::vector<std::filesystem::path> gallery;
  std::vector<ValidationQuery> queries;
};

/// LaSCo's val split: every 70th of the first 350,000 LlavaSCo triplets, whose
/// words always end in " with " and the target's caption; the gallery is the
/// whole val corpus. Throws Error: not_found, corrupt, io.
ValidationSet read_lasco_validation(const std::filesystem::path& root);

/// Triplets of one's own: the gallery is every different picture they name, in
/// order of first appearance (reference before target). Throws Error: as
/// `read_triplets`.
ValidationSet read_validation_triplets(const std::filesystem::path& file,
                                       const std::filesystem::path& root = {});

}  // namespace igrot
