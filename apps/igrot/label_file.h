// What is right for each query, from npy files of numbers.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "formats/stored_tensor.h"
#include "igrot/settings.h"
#include "igrot/tensor.h"

namespace igrot::app {

/// What the numbers of a file of labels mean, for Q queries and G rows of a
/// gallery.
enum class LabelKind {
  automatic,  ///< by their shape
  target,     ///< [Q]: the row that is right
  classes,    ///< [Q + G]: classes of the queries, then of the rows
  relevance,  ///< [Q, G]: 1 right, 0 wrong, -1 left out of the ranking
  rows,       ///< [Q, T]: the rows that are right; -1 is none
};

inline constexpr std::array label_kinds{
    Named{LabelKind::automatic, "auto"}, Named{LabelKind::target, "target"},
    Named{LabelKind::classes, "classes"},
    Named{LabelKind::relevance, "relevance"}, Named{LabelKind::rows, "rows"}};

/// Whole numbers with a shape.
struct WholeNumbers {
  std::string name;  ///< of the file, for messages
  Shape shape;
  std::vector<std::int64_t> values;
};

/// A shape of nothing costs no bytes however many rows it announces. Throws
/// Error: corrupt.
void expect_numbers(const StoredTensor& stored, const std::string& name);

/// Throws Error: not_found, corrupt (fractions, numbers that are none, no
/// numbers), unsupported, io.
WholeNumbers read_whole_numbers(const std::filesystem::path& path);

using Rows = std::vector<std::size_t>;

struct Labels {
  LabelKind kind = LabelKind::automatic;
  std::vector<Rows> right;    ///< of each query, as the file orders them
  std::vector<Rows> removed;  ///< left out of its ranking; may be empty
};

/// What the labels are of.
struct LabelledSize {
  std::size_t queries = 0;
  /// Nothing where rankings are lists that name rows.
  std::optional<std::size_t> gallery;
};

/// `gallery_classes`: classes of the rows, where `numbers` has those of the
/// queries alone. Throws Error: usage (a shape that does not fit, naming those
/// that do), corrupt (rows outside the gallery).
Labels read_labels(const WholeNumbers& numbers,
                   const std::optional<WholeNumbers>& gallery_classes,
                   const LabelledSize& size, LabelKind kind);

/// A list of rows for each query: [Q] or [Q, T], -1 is none. Throws Error:
/// usage, corrupt.
std::vector<Rows> read_row_lists(const WholeNumbers& numbers,
                                 const LabelledSize& size);

}  // namespace igrot::app
