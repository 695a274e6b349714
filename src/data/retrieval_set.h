// Data sets that retrieval is measured with: galleries, and queries with what
// is right in them. How they are asked is a benchmark's affair (eval).
// Source: method.md 8; layouts: docs/datasets.md.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/shared_rows.h"
#include "data/training_set.h"

namespace igrot {

/// One query, as the lists have it. Rows are those of the gallery.
struct RetrievalQuery {
  std::string id;  ///< by which a server knows it; empty where none does
  std::filesystem::path picture;
  std::vector<std::string> words;  ///< captions; none where a sketch says all
  SharedRows relevant;             ///< right answers
  /// The one that was meant, where there are several right answers.
  std::optional<std::size_t> target = {};
  /// The query's own picture, where the lists name it in the gallery.
  std::optional<std::size_t> own = {};
  std::vector<std::size_t> subset = {};  ///< candidates of a smaller ranking
  std::vector<std::string> kinds = {};   ///< what the words do
};

/// A gallery and what is asked of it.
struct RetrievalSet {
  std::string part;    ///< "dress", "cartoon"; empty where a split is one whole
  std::string split;   ///< "val"
  bool judged = true;  ///< whether the right answers are known
  PictureRecipe recipe = {};
  std::vector<std::filesystem::path> gallery = {};
  std::vector<std::string> names = {};  ///< of the gallery, where it has any
  std::vector<RetrievalQuery> queries = {};
  std::vector<std::filesystem::path> lists = {};  ///< files that were read
};

/// One row a data set.
struct RetrievalSource {
  std::string_view name;  ///< "fashioniq"
  std::span<const std::string_view> splits;
  /// The sets of one split, which is one of `splits`. root: absolute.
  std::vector<RetrievalSet> (*read)(const std::filesystem::path& root,
                                    std::string_view split);
};

std::span<const RetrievalSource> retrieval_sources();

/// Throws Error: usage (no such name; it lists the known ones).
const RetrievalSource& find_retrieval_source(std::string_view name);

/// Reads one split; pictures are not looked at. Throws Error: usage (no such
/// split), not_found, corrupt (naming file and entry, from 0, or line),
/// unsupported (a list of over 2 GiB), io.
std::vector<RetrievalSet> read_retrieval_sets(const RetrievalSource& source,
                                              const std::filesystem::path& root,
                                              std::string_view split);

}  // namespace igrot
