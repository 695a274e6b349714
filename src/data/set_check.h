// Whether a data set on this disk is whole: its lists against the published
// counts, its pictures against the lists.
#pragma once

#include <functional>

#include "data/retrieval_set.h"
#include "igrot/error.h"
#include "igrot/runtime.h"

namespace igrot {

/// How many queries and gallery pictures the public lists of a part have; of
/// training sets triplets, and no gallery.
struct PublishedCounts {
  std::string_view source;  ///< "cirr"
  std::string_view split;   ///< "val"
  std::string_view part;    ///< "dress", or empty
  std::size_t queries;
  std::optional<std::size_t> gallery;
};

/// Of FashionIQ, CIRR and CIRCO, counted in their public lists; of LlavaSCo and
/// Training-Sketchy by method.md 7.
std::span<const PublishedCounts> published_counts();

/// The row for a set, or null.
const PublishedCounts* find_published(std::string_view source,
                                      const RetrievalSet& set);

/// The split of training sets, for what checks both kinds.
inline constexpr std::string_view train_split = "train";

/// A training set as the others: its gallery is every different target.
RetrievalSet set_of_triplets(const TripletSet& triplets);

/// Files of all pictures that the sets name, each once, in order.
std::vector<std::filesystem::path> pictures_of(
    std::span<const RetrievalSet> sets);

struct PictureFault {
  std::filesystem::path file;
  ErrorKind kind = ErrorKind::corrupt;
  std::string reason;
};

struct PictureChecks {
  bool decode = true;  ///< else only whether the file is there
  /// Pictures done and in all; false ends the check.
  std::function<bool(std::size_t done, std::size_t total)> progress;
  std::size_t threads = 1;
};

/// Pictures that are missing or cannot be read, in the order given.
std::vector<PictureFault> check_pictures(
    std::span<const std::filesystem::path> files, const PictureChecks& checks);

}  // namespace igrot
